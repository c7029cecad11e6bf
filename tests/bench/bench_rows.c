#include "tests/bench/bench_rows.h"

#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <stdio.h>

#define FIRST_DAY 17257 /* 2017-04-01 */
#define DAYS 1000

/* A number that looks random, from one that does not. */
static uint64_t mix(uint64_t number)
{
	number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
	number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
	return number ^ (number >> 31);
}

static const char *pick(const char *const words[], size_t n, uint64_t *draw)
{
	const char *word = words[*draw % n];

	*draw = mix(*draw);
	return word;
}

static void print_day(FILE *file, int32_t day)
{
	char text[DATE_TEXT_BYTES];

	date_format(day, text);
	(void)fprintf(file, "%s;", text);
}

static void write_row(FILE *file, uint64_t number)
{
	static const char *const sexes[] = {"Kvinna", "Man"};
	static const char *const educations[] = {"Grundskola", "Gymnasium 3 år",
						 "Gymnasium högst 2 år",
						 "Eftergymnasial 3 år eller mer"};
	static const char *const labours[] = {"Arbetslös", "Inaktiv, ej i utbildning",
					      "Subventionerad anställning"};
	static const char *const incomes[] = {"Sjukpenning", "Försörjningsstöd", "A-kassa"};
	static const char *const times[] = {"1-2 år", "3-6 år", "6 år eller mer"};
	static const char *const yes_no[] = {"Ja", "Nej", "Vill inte uppge"};
	uint64_t draw = mix(number * 0x9e3779b97f4a7c15u + 1);
	int32_t entry = FIRST_DAY + (int32_t)(draw % DAYS);
	const char *income;

	draw = mix(draw);
	(void)fprintf(file, "L%07llu;%s;", (unsigned long long)number, pick(sexes, 2, &draw));
	print_day(file, entry - 20 * 365 - (int32_t)(draw % (40 * 365)));
	(void)fprintf(file, "Lämnat;");
	print_day(file, entry);
	print_day(file, entry);
	draw = mix(draw);
	(void)fprintf(file, "%s;", pick(educations, 4, &draw));
	(void)fprintf(file, "%s;", pick(labours, 3, &draw));
	income = pick(incomes, 3, &draw);
	(void)fprintf(file, "%s;%s;", income, income);
	(void)fprintf(file, "%s;", pick(times, 3, &draw));
	(void)fprintf(file, "%s;%s;", pick(yes_no, 3, &draw), pick(yes_no, 3, &draw));
	if (draw % 2 == 0)
		(void)fprintf(file, ";\n");
	else
		(void)fprintf(file, "%04d-12-31;Rehabilitering\n", 2020);
}

int bench_rows_write(const char *path, uint64_t rows)
{
	FILE *file = fopen(path, "we");
	int error;

	if (file == NULL)
		return fail(-errno);
	(void)fprintf(file,
		      "Lokalt id;Kön;Födelsedatum;Samtycke;Datum för samtycke;Inskrivningsdatum;"
		      "Utbildning;Ställning på arbetsmarknaden;Försörjning;"
		      "Huvudsaklig försörjning;Tid med offentlig försörjning;Utrikes bakgrund;"
		      "Funktionsnedsättning;Avslutsdatum;Avslutsorsak\n");
	for (uint64_t i = 1; i <= rows; i++)
		write_row(file, i);
	error = ferror(file) != 0 ? fail(-EIO) : 0;
	if (fclose(file) != 0 && error == 0)
		error = fail(-errno);
	return error;
}
