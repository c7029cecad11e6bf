# Turns the rows of config.def into the SETTINGS of miad.conf(5): one row is SETTING(field, type, "section", "key",
# roles, "default" or NULL, least, most, "English", "Swedish").
BEGIN { FS = "\"" }
/^SETTING\(/ {
	has_default = $5 !~ /NULL/
	english = has_default ? $8 : $6
	bounds = has_default ? $7 : $5
	split(bounds, bound, /, */)
	role = $5 ~ /SITE/ ? " (site)" : $5 ~ /HUB/ ? " (hub)" : ""
	gsub(/_/, "\\_", $4)
	printf "*[%s] %s*%s\n\t%s", $2, $4, role, english
	if ($1 ~ /NUMBER/) printf "; %s to %s", bound[has_default ? 2 : 4], bound[has_default ? 3 : 5]
	printf "; %s\n\n", has_default ? ($6 == "" ? "empty unless told" : "*" $6 "* unless told") : "must be set"
}
