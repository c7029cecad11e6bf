#include "daemon/site/person.h"

#include "lib/date.h"

#include <string.h>

#define TEN 10
#define TEXT_MAX 64

/* The text split as written: digits without separator, and what stood between. */
struct written {
	char digits[13]; /* 10 or 12 */
	size_t digits_n;
	char separator; /* '-', '+' or 0 */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 2,0171E+11, 2.0171E+11, 201712010000,00: what a spreadsheet makes of a long number. */
static bool is_excel_number(const char *text, size_t n)
{
	size_t whole = strspn(text, "0123456789");
	size_t fraction;

	if (whole == 0 || whole >= n)
		return false;
	if (text[whole] == 'E' || text[whole] == 'e')
		return whole + 2 < n && (text[whole + 1] == '+' || is_digit(text[whole + 1]));
	if (text[whole] != ',' && text[whole] != '.')
		return false;
	fraction = strspn(text + whole + 1, "0123456789");
	if (whole + 1 + fraction == n)
		return fraction > 0 && strspn(text + whole + 1, "0") == fraction;
	return fraction > 0 &&
	       (text[whole + 1 + fraction] == 'E' || text[whole + 1 + fraction] == 'e');
}

/* Of the last four places: interim numbers carry a letter there, and no check digit. */
static enum person_fault split(const char *text, size_t n, struct written *ret_written)
{
	struct written written = {0};

	for (size_t i = 0; i < n; i++) {
		bool is_separator = (text[i] == '-' || text[i] == '+') && i + 5 == n;

		if (is_separator)
			written.separator = text[i];
		else if (is_letter(text[i]) && i + 4 >= n && written.digits_n >= 6)
			return PERSON_LETTER;
		else if (!is_digit(text[i]) || written.digits_n == 12)
			return PERSON_FORM;
		else
			written.digits[written.digits_n++] = text[i];
	}
	if (written.digits_n == 9 || (written.digits_n == 11 && written.separator == '\0'))
		return PERSON_LOST_ZERO;
	if (written.digits_n != 10 && written.digits_n != 12)
		return PERSON_FORM;
	if (written.digits_n == 12 && written.separator == '+')
		return PERSON_FORM;
	*ret_written = written;
	return PERSON_FINE;
}

static int number_of(const char *digits, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

/* Luhn over ten digits: every other one doubled, from the first (SKV 704). */
static bool is_luhn(const char digits[static TEN])
{
	int sum = 0;

	for (size_t i = 0; i < TEN; i++) {
		int value = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);

		sum += value > 9 ? value - 9 : value;
	}
	return sum % 10 == 0;
}

/* Whether year, month, day (as written, + 60 of a coordination number) may stand; day 60 and month
 * 00 only together with a coordination number. */
static bool is_date(int year, int month, int day)
{
	if (day < 60)
		return date_is_valid(year, month, day);
	if (day == 60)
		return month <= 12 && date_is_valid(year, 1, 1);
	return month == 0 ? day <= 91 : date_is_valid(year, month, day - 60);
}

static bool is_after(int year, int month, int day, struct date_civil today)
{
	int real_day = day >= 60 ? day - 60 : day;

	if (year != today.year)
		return year > today.year;
	if (month != today.month)
		return month > today.month;
	return real_day > today.day;
}

/* The year of ten digits: the latest that makes the person 0..99, one century earlier for '+'. */
static int year_of_ten(const struct written *written, struct date_civil today)
{
	int month = number_of(written->digits + 2, 2);
	int day = number_of(written->digits + 4, 2);
	int year = today.year / 100 * 100 + number_of(written->digits, 2);

	if (is_after(year, month, day, today))
		year -= 100;
	return written->separator == '+' ? year - 100 : year;
}

static enum person_fault judge(int year, const char ten[static TEN], struct date_civil today)
{
	int month = number_of(ten + 2, 2);
	int day = number_of(ten + 4, 2);

	if (!is_date(year, month, day))
		return PERSON_DATE;
	if (!is_luhn(ten))
		return PERSON_CHECK_DIGIT;
	return is_after(year, month, day, today) ? PERSON_FUTURE : PERSON_FINE;
}

static void put_year(int year, char to[static 4])
{
	for (int i = 3; i >= 0; i--, year /= 10)
		to[i] = (char)('0' + year % 10);
}

static void fill(int year, const char ten[static TEN], struct person_number *ret_number)
{
	int month = number_of(ten + 2, 2);
	int day = number_of(ten + 4, 2);
	bool is_coordination = day >= 60;
	bool is_known = day != 60 && month != 0;

	memset(ret_number, 0, sizeof(*ret_number));
	put_year(year, ret_number->digits);
	memcpy(ret_number->digits + 4, ten + 2, TEN - 2);
	ret_number->is_coordination = is_coordination;
	ret_number->birth_year = year;
	ret_number->birth_date =
		is_known ? date_from_civil(year, month, is_coordination ? day - 60 : day)
			 : DATE_NONE;
	ret_number->is_woman = (ten[8] - '0') % 2 == 0;
}

/* The text without outer white space, no-break spaces of both encodings included. */
static const char *trim(const char *text, size_t *ret_n)
{
	size_t n;

	while (*text == ' ' || *text == '\t')
		text++;
	n = strnlen(text, TEXT_MAX);
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	*ret_n = n;
	return text;
}

enum person_fault person_parse(const char *text, int32_t today, struct person_number *ret_number)
{
	struct date_civil now = date_to_civil(today);
	struct written written;
	enum person_fault fault;
	const char *ten;
	size_t n;
	int year;

	text = trim(text, &n);
	if (n == 0)
		return PERSON_EMPTY;
	if (is_excel_number(text, n))
		return PERSON_EXCEL_NUMBER;
	fault = split(text, n, &written);
	if (fault != PERSON_FINE)
		return fault;
	ten = written.digits + written.digits_n - TEN;
	year = written.digits_n == 12 ? number_of(written.digits, 4) : year_of_ten(&written, now);
	fault = judge(year, ten, now);
	if (fault != PERSON_FINE)
		return fault;
	fill(year, ten, ret_number);
	return PERSON_FINE;
}

void person_mask(const struct person_number *number, char ret_text[static PERSON_MASKED_BYTES])
{
	memcpy(ret_text, number->digits, 8);
	ret_text[8] = '-';
	memcpy(ret_text + 9, number->digits + 8, 2);
	memcpy(ret_text + 11, "**", 3);
}

bool person_is_test_number(const struct person_number *number)
{
	const char *serial = number->digits + 8;

	return strncmp(serial, "238", 3) == 0 || strncmp(serial, "239", 3) == 0 ||
	       strncmp(serial, "98", 2) == 0;
}
