-- One expression a line, for expression_cases.py; the columns are those of its table of pairs.
not n_l = n_r
not n_l is null
1 + 2 || 'a'
'a' || 1 + 2
- 2 ^ 2
2 ** 3 ** 2
2 ^ 3 ^ 2
- '1'::int
n_l in (5) = true
n_l is null = false
n_l = n_r is null
null = null is null
1 is null = true
n_l between 1 and 6 and true
n_l between 1 and 6 = true
not n_l between 1 and 6
s_l || s_r = 'AnnaAnne'
s_l like 'A%' || 'a'
s_l like 'a%' = true
n_l::varchar || 'x'
ids_l[1] + 1
ids_l[-1]
ids_l[2:]
ids_l[:2]
ids_l[1:2]
ids_l[1:-2]
ids_l[1:3:2]
[1,2,3][1]
ids_l[1]::varchar
n_l not in (1,5)
n_l not between 1 and 7
s_l not like 'A%'
s_l ilike 'A%'
s_l similar to 'An.a'
s_l ~ 'A.*'
s_l !~ 'a'
s_l ~~ 'A%'
s_l ^@ 'A'
list_transform(ids_l, x -> x + 1)
list_transform(ids_l, lambda x: x * 2)
list_transform(ids_l, x -> n_r + x * 2)
list_transform(ids_l, (x, i) -> x + i)
list_filter(ids_l, x -> x > 1)
e'a\nb'
$$abc$$
1e3
1.5e-3
.5
5.
1_000
case n_l when 5 then 'a' else 'b' end
case n_l when 5 then 'a' when 7 then 'c' else 'b' end
case when n_l > 5 then 'big' when n_l > 0 then 'small' end
cast(n_l as varchar(10))
cast(d_l as decimal(10,2))
try_cast(s_l as int)
try_cast(code_l as bigint)
try_cast(dob_l as date)
try_cast(at_l as timestamp)
date '1990-01-01'
timestamp '1990-01-01 10:00:00'
born_l + 1
born_l - date '1990-01-01'
born_l - born_r
extract(year from born_l)
extract('month' from born_l)
substring(s_l from 2 for 1)
substring(s_l from 2)
trim(both 'a' from s_l)
trim(leading from ' a')
position('n' in s_l)
n_l isnull
n_l notnull
n_l is true
ok_l is true
ok_l is not false
n_l is false
n_l is not true
(n_l=5) is true
(n_l=5) is unknown
n_l is distinct from n_r
n_l is not distinct from n_r
s_l is distinct from s_r
s_l is not distinct from null
n_l == 5
n_l != 5
n_l <> 5
5 // 2
5 / 2
5 % 2
n_l // 3
n_l % 3
n_l / n_r
d_l / 0
n_l / 0
0 / 0
5 // 0
5 % 0
5.5 // 2
5.5 % 2
-7 // 2
-7 % 3
-7.5::double // 2
7.5::double % 2
d_l % 2
s_l[1]
s_l[1:2]
s_l[2:]
s_l.upper().lower()
list_value(1,2)
if(n_l > 2,1,2)
s_l ~* 'A.*'
s_l !~* 'N'
s_l ~ '^A'
s_l in ('Anna', null)
s_l in ('x', null)
s_l not in ('Anna', null)
n_l in ids_l
s_l in names_l
true and null
false or null
null and false
n_l > 3 and s_l is not null
n_l > 3 or s_l is null
'5' = 5
n_l = '5'
n_l = 5.5
d_l = 1.5
d_l = 0.1
d_l = '1.5'
d_l > n_l
n_l || ''
n_l > '4'
'10' > '9'
n_l in ('5','7')
n_l between '1' and '6'
born_l = '1990-02-03'
born_l = seen_l
born_l < seen_l
seen_l = timestamp '1990-02-03 14:05:06.5'
true = 1
true = 't'
n_l = true
ok_l = 'true'
1 and true
'true' and true
not 1
case when 1 then 2 end
0.1 + 0.2 = 0.3
0.1::double + 0.2 = 0.3
n_l * 0.1
0.1 * 3
1.1 * 1.1
1.1 - 2
1.5 + n_l
1.5 % 1
-(1.5)
0.1 + 1e0
1.5 / 2
1.5::decimal(10,2) + 0.125
n_l * 9223372036854775807
9223372036854775807 + 1
n_l + 9223372036854775807
abs(-9223372036854775807)
power(2,3)
power(10, 400)
power(d_l, 2)
exp(1)
exp(1000)
sqrt(d_l)
sqrt(-1)
ln(d_l)
ln(0)
log(100)
log(2, 8)
log10(n_l)
log2(8)
acos(2)
asin(0.5)
acos(d_l)
sin(d_l)
cos(d_l)
tan(d_l)
atan(d_l)
atan2(d_l, lat_l)
radians(lat_l)
degrees(d_l)
cot(1)
pi()
round(2.5)
round(-2.5)
round(2.567, 2)
round(2.567::double, 2)
round(1234, -2)
round(-1250, -2)
round(5)
round(0.5::double)
round(2.5::double)
round(2.675::double, 2)
round(d_l, 1)
round(d_l)
round(d_l, -1)
round(2.345, 1)::varchar
round(2.345, 5)::varchar
round(12.5, -1)::varchar
floor(2.5)
floor(d_l)
floor(5)
ceil(d_l)
ceil(2.1)
ceil(n_l)
abs(n_l)
abs(d_l)
abs(-5.5)
abs(n_l - n_r) <= 2
sign(d_l)
sign(n_l)
mod(n_l, 3)
trunc(d_l)
trunc(-2.7)
isnan(d_l)
isnan('nan'::double)
isfinite(d_l)
isinf(d_l / 0)
'nan'::double = 'nan'::double
'nan'::double > 1e308
greatest(n_l, n_r)
least(n_l, null, n_r)
greatest('a','b')
greatest(1, 2.5)
greatest(1, '2')
greatest(s_l, s_r)
least(born_l, date '1980-01-01')
coalesce(null, 1)
coalesce(s_l, 'none')
coalesce(n_l, n_r, 0)
ifnull(s_l, 'none')
nullif(n_l, 5)
nullif(s_l, '')
nullif(n_l, '5')
nullif(5, 5.0)
nullif('5', 5)
nullif(born_l, '1990-02-03')
case when true then 1 else 2.5 end
(case when false then 1.25 else 2 end)::varchar
[1, null]
[[1],[2]]
'5'::int
' 5 '::int
'5.5'::int
'5.4'::int
'1e3'::int
'1_000'::int
'+5'::int
''::int
'0x10'::int
'5.'::int
'.5'::int
'99999999999'::int
'300'::tinyint
300::tinyint
2.5::int
3.5::int
2.5::double::int
3.5::double::int
-2.5::double::int
0.5::double::int
1e20::bigint
1e18::bigint
'nan'::double::int
'1.5'::double
' 1.5 '::double
'1e5'::double
'inf'::double
'-Infinity'::double
'nan'::double
'1,5'::double
'1.5x'::double
''::double
'1_000.5'::double
'0x1p3'::double
'true'::boolean
'T'::boolean
'yes'::boolean
'1'::boolean
'0'::boolean
'f'::boolean
' true '::boolean
'on'::boolean
n_l::boolean
0.5::boolean
true::int
true::varchar
n_l::varchar
d_l::varchar
d_l::float
d_l::float::varchar
lat_l::float::double
5.50::varchar
5::double::varchar
1e15::varchar
1e16::varchar
1e20::varchar
1e-4::varchar
1e-5::varchar
(0.1::double+0.2)::varchar
1e300::varchar
'nan'::double::varchar
'-inf'::double::varchar
0.1::float::varchar
16777216::float::varchar
(1/3)::float::varchar
(1/3)::varchar
born_l::varchar
seen_l::varchar
timestamp '1990-01-02'::varchar
dob_l::date
at_l::timestamp
'1990-1-2'::date
'1990/01/02'::date
'1990.01.02'::date
'1990 01 02'::date
' 1990-01-02 '::date
'1990-01-02x'::date
'1990-01-02 10:00:00'::date
'1990-01-02 abc'::date
'1990-13-02'::date
'90-01-02'::date
'12345-01-02'::date
'-0001-01-02'::date
'1990-01'::date
'19900102'::date
'1990-01/02'::date
''::date
'1990-01-023'::date
'1990-001-02'::date
'1990-01-02'::timestamp
'1990-01-02T10:11:12'::timestamp
'1990-01-02T10:11:12Z'::timestamp
'1990-01-02 10:11:12+02'::timestamp
'1990-01-02 10:11:12+02:30'::timestamp
'1990-01-02 10:11:12.123'::timestamp
'1990-01-02 10:11:12.1234567'::timestamp
'1990-01-02 10:11'::timestamp
'1990-01-02 10'::timestamp
'1990-01-02 1:2:3'::timestamp
'1990-01-02  10:11:12'::timestamp
'1990-01-02 24:00:00'::timestamp
'1990-01-02 25:00:00'::timestamp
'1990-01-02 10:60:00'::timestamp
'1990-01-02 10:11:12 UTC'::timestamp
'1990-01-02T'::timestamp
'1990-01-02 '::timestamp
'1990-01-02 10:11:12.'::timestamp
'1990-01-02 10:11:12Zx'::timestamp
born_l::timestamp
seen_l::date
'[a, b]'::varchar[]
'["a", ''b'']'::varchar[]
'[]'::varchar[]
'[1, 2]'::int[]
'[a, NULL]'::varchar[]
'abc'::varchar[]
ids_l::varchar[]
[1.5]::int[]
['1','x']::int[]
try_cast(['1','x'] as int[])
ids_l::varchar
names_l::varchar
['a b', 'c,d', '', 'it''s']::varchar
[]::varchar
[[1],[2]]::varchar
[1.5::double]::varchar
9.9::decimal(3,0)
999::decimal(2,0)
1.005::decimal(10,2)
1.005::double::decimal(10,2)
'1.005'::decimal(10,2)
'abc'::decimal
d_l::decimal(10,2)
(n_l % 1000 * 0.10)::varchar
(0.1 + 0.25)::varchar
(1.5 * 1.5)::varchar
floor(2.5)::varchar
(5.0 / 2)::varchar
abs(-1.50)::varchar
greatest(1, 2.50)::varchar
100.0 || ''
substring(s_l, 2, 3)
substring(s_l, 0, 3)
substring(s_l, -3, 2)
substring(s_l, -10, 7)
substring(s_l, 2, -1)
substring(s_l, 2)
substring(s_l, 10)
substring(s_l, 4, -2)
substring(s_l, 0)
substring(s_l, 0, -1)
substring(s_l, -2)
substring(s_l, -2, -1)
substring('hello', 7, -3)
substring(s_l, n_l, 2)
left(s_l, 2)
left(s_l, -2)
left(s_l, 0)
left(s_l, 10)
right(s_l, 2)
right(s_l, -2)
right(s_l, 10)
lower(s_l)
upper(s_l)
lower('ÀÉİ')
lower('ǅ')
upper('straße')
upper('àéı')
lower('Σ')
length(s_l)
len(s_l)
strlen(s_l)
char_length(s_l)
len(names_l)
length(ids_l)
array_length(ids_l)
trim(s_l)
rtrim(s_l)
ltrim('  a ')
trim(e'\t a \n')
trim('xyaxy','xy')
ltrim('éa','é')
rtrim('aé','é')
concat(s_l, code_l, 1)
concat('a', null, 1)
concat('a', 1.5, true)
concat(ids_l, [1])
concat_ws('-', s_l, null, code_l)
concat_ws(null, 'a')
s_l || ' ' || code_l
s_l || null
s_l || n_l
n_l || d_l
1 || 2
replace(s_l, 'n', '-')
replace('aaa','','b')
replace('aaa','aa','b')
reverse(s_l)
reverse('e' || chr(769) || 'x')
repeat(s_l, 3)
repeat('ab', -1)
lpad(s_l, 6, 'xy')
rpad(s_l, 7, 'é')
lpad('abcd', 3, 'x')
lpad('a', 4, '')
starts_with(s_l, 'A')
prefix(s_l, 'An')
suffix(s_l, 'a')
ends_with(s_l, 'e')
contains(s_l, 'n')
contains(names_l, 'ann')
contains('abc','')
instr(s_l, 'n')
strpos(s_l, '太')
strpos('a','')
split_part(at_l, '-', 2)
split_part('a-b-c','-',-1)
split_part('a-b-c','-',0)
split_part('a-b-c','-',9)
split_part('abc','',1)
string_split(at_l, '-')
string_split('abc','')
string_split('','-')
string_split_regex('a1b2c','[0-9]')
regexp_split_to_array('a1b2c','[0-9]')
strip_accents(s_l)
strip_accents('Ł ø đ é̂ Å ａ')
ascii(s_l)
ascii('')
unicode(s_l)
ord('é')
chr(233)
translate('abc','ab','x')
translate('héllo','éo','eö')
regexp_extract(code_l, '[0-9]+')
regexp_extract(code_l, '^([A-Za-z]{1,2})([0-9])', 2)
regexp_extract(code_l, '([a-z])([0-9])', 3)
regexp_extract(code_l, '[a-z]+', 0, 'i')
regexp_extract(s_l, s_r)
regexp_extract('abc', null)
regexp_extract('ab', 'a|ab')
regexp_extract('héllo', '^.{2}')
regexp_extract_all('a1b2','[a-z]([0-9])')
regexp_extract_all('a1b2','[a-z]([0-9])',1)
regexp_extract_all(code_l, '[0-9]')
regexp_matches(code_l, '[0-9]')
regexp_matches(code_l, 'sw', 'i')
regexp_matches(e'a\nb','a.b')
regexp_matches(e'a\nb','a.b','s')
regexp_matches(e'a\nb','^b')
regexp_matches(e'a\nb','^b','m')
regexp_matches('a.c','a.c','l')
regexp_matches('abc','a.c','l')
regexp_matches(s_l, s_r)
regexp_full_match(code_l, '[A-Z0-9 ]+')
regexp_replace(code_l, '[0-9]', '#')
regexp_replace(code_l, '[0-9]', '#', 'g')
regexp_replace('abc','(a)(b)','\2\1')
regexp_replace('abc','b','\0\0')
regexp_replace('aBcb','b','x','gi')
regexp_replace('abc','b','$0')
regexp_replace('abc','b','\9')
regexp_replace('abc','', '-', 'g')
'aéc' like 'a_c'
code_l like '%\%%' escape '\'
code_l like 'a.b\_c%' escape '\'
code_l like '%1%'
'a%c' like 'a\%c'
'ÀB' ilike 'àb'
'a' like ''
'' like '%'
e'a\nb' like 'a%b'
'abcabc' like '%abc'
'aab' like '%ab'
'aéb' like '%_b'
levenshtein(s_l, s_r)
levenshtein(s_l, null)
levenshtein('', 'abc')
damerau_levenshtein(s_l, s_r)
damerau_levenshtein('ca','abc')
hamming(s_l, s_r)
mismatches('abc','abd')
hamming('','')
jaccard(s_l, s_r)
jaccard('abc','')
jaro_similarity(s_l, s_r)
jaro_similarity(s_l, s_r, 0.9)
jaro_winkler_similarity(s_l, s_r)
jaro_winkler_similarity(s_l, s_r, 0.95)
jaro_winkler_similarity('','')
jaro_winkler_similarity('MARTHA','MARHTA')
editdist3('abc','abd')
list_transform(names_l, x -> levenshtein(x, s_l))
try_strptime(dob_l, '%Y-%m-%d')
try_strptime(dob_l, '%d/%m/%Y')
try_strptime(dob_l, ['%d/%m/%Y', '%Y-%m-%d', '%Y%m%d'])
try_strptime(dob_l, '%Y%m%d')
try_strptime(at_l, '%Y-%m-%dT%H:%M:%SZ')
try_strptime(at_l, '%Y-%m-%d %H:%M:%S')
try_strptime('1990-2-3','%Y-%m-%d')
try_strptime(' 1990-2-3','%Y-%m-%d')
try_strptime('1990-2-3 ','%Y-%m-%d')
try_strptime('90-02-03','%Y-%m-%d')
try_strptime('1990203','%Y%m%d')
try_strptime('3 Feb 1990','%d %b %Y')
try_strptime('3 february 1990','%d %B %Y')
try_strptime('03feb1990','%d%b%Y')
try_strptime('Mon 3','%a %d')
try_strptime('90','%y')
try_strptime('68','%y')
try_strptime('69','%y')
try_strptime('12345','%Y')
try_strptime('1990-02','%Y-%m')
try_strptime('','%Y')
try_strptime('10:11 PM','%I:%M %p')
try_strptime('12:11 am','%I:%M %p')
try_strptime('1990-02-03 10:11:12.5','%Y-%m-%d %H:%M:%S.%f')
try_strptime('1990-02-03 10:11:12.123456','%Y-%m-%d %H:%M:%S.%f')
try_strptime('1990-02-03 10:11:12.123','%Y-%m-%d %H:%M:%S.%g')
try_strptime('1990 034','%Y %j')
try_strptime('5%','%d%%')
try_strptime('x','abc')
try_strptime('abc','abc')
try_strptime(null,'%Y')
try_strptime('1990',null)
try_strptime('1990-02-03 24:00','%Y-%m-%d %H:%M')
try_strptime('1990-02-03 10:60','%Y-%m-%d %H:%M')
try_strptime('1990-02-03 10:11:60','%Y-%m-%d %H:%M:%S')
try_strptime('1990-0002-03','%Y-%m-%d')
try_strptime('1990-  2-3','%Y-%m-%d')
try_strptime('-1990-02-03','%Y-%m-%d')
try_strptime('3','%-d')
try_strptime('1990-W05-6','%G-W%V-%u')
try_strptime('1990 05 6','%Y %U %w')
try_strptime('1990 05 1','%Y %W %w')
try_strptime('1990 00 6','%Y %U %w')
try_strptime('02/03/90','%x')
try_strptime('1990-02-03 10:11:12','%c')
try_strptime('10:11:12','%X')
try_strptime('Feb 1990','%b %Y')
try_strptime('1990  02','%Y %m')
try_strptime('199002','%Y %m')
try_strptime('00','%d')
try_strptime('SUN 1990-02-03','%a %Y-%m-%d')
strptime('x','%Y')
strptime('1990-02-30','%Y-%m-%d')
strptime('1990-02-03','%Y-%m-%d')
strftime(born_l,'%d/%m/%Y')
strftime(seen_l,'%a %A %b %B %c %d %-d %f %g %H %-H %I %-I %j %-j %m %-m %M %-M %p %S %-S %u %U %w %W %V %G %x %X %y %-y %Y %%')
strftime('%Y', born_l)
strftime(null::timestamp,'%Y')
epoch(born_l)
epoch(seen_l)
abs(epoch(born_l) - epoch(born_r))
epoch_ms(born_l)
epoch_us(seen_l)
epoch_ms(seen_l)
date_diff('day', born_l, born_r)
date_diff('week', born_l, born_r)
date_diff('week', seen_l, seen_r)
date_diff('month', born_l, born_r)
date_diff('quarter', born_l, born_r)
date_diff('year', born_l, born_r)
date_diff('decade', born_l, born_r)
date_diff('century', born_l, born_r)
date_diff('millennium', born_l, born_r)
date_diff('hour', seen_l, seen_r)
date_diff('minute', seen_l, seen_r)
date_diff('second', seen_l, seen_r)
date_diff('millisecond', seen_l, seen_r)
date_diff('microsecond', seen_l, seen_r)
date_diff('isoyear', born_l, born_r)
datediff('days', born_l, null::date)
date_sub('day', seen_l, seen_r)
date_sub('month', seen_l, seen_r)
date_sub('year', seen_l, seen_r)
date_sub('quarter', born_l, born_r)
date_sub('hour', seen_l, seen_r)
date_sub('week', seen_l, seen_r)
date_sub('month', date '2024-01-31', date '2024-02-29')
date_sub('month', date '2024-01-30', date '2024-02-29')
date_sub('month', date '2024-02-29', date '2024-01-31')
date_sub('year', date '2020-02-29', date '2021-02-28')
date_part('year', born_l)
date_part('dow', born_l)
date_part('doy', born_l)
date_part('epoch', seen_l)
date_part('isodow', born_l)
date_part('week', born_l)
date_part('hour', seen_l)
date_part('minute', seen_l)
date_part('second', seen_l)
date_part('millisecond', seen_l)
date_part('microsecond', seen_l)
date_part('decade', born_l)
date_part('century', born_l)
date_part('millennium', born_l)
date_part('quarter', born_l)
year(born_l)
month(born_l)
day(born_l)
hour(seen_l)
minute(seen_l)
second(seen_l)
dayofweek(born_l)
isodow(born_l)
week(born_l)
weekofyear(born_l)
dayofyear(born_l)
quarter(born_l)
isoyear(born_l)
dayname(born_l)
monthname(born_l)
date_trunc('month', seen_l)
date_trunc('hour', seen_l)
date_trunc('year', seen_l)
date_trunc('week', seen_l)
date_trunc('quarter', seen_l)
date_trunc('decade', seen_l)
date_trunc('day', seen_l)
date_trunc('month', born_l)
last_day(born_l)
make_date(1990,2,3)
make_date(1990,2,30)
ids_l[0]
ids_l[4]
ids_l[-3]
ids_l[-4]
ids_l[1:0]
ids_l[2:10]
ids_l[-2:]
ids_l[0:2]
ids_l[3:1:-1]
ids_l[:-:2]
[1,2,3,4][-3:-2]
[1,2,3,4][4:2]
list_slice([1,2,3,4],1,4,-1)
list_slice([1,2,3,4],4,1,-2)
list_slice([1,2,3,4],1,4,0)
list_slice([1,2,3],2,null)
'hello'[2]
'hello'[0]
'hello'[-1]
'hello'[10]
'hello'[2:3]
'hello'[-3:-2]
'hello'[0:2]
'hello'[4:2]
s_l[2]
list_extract(ids_l, 2)
list_extract(s_l, 2)
list_contains(ids_l, 2)
list_contains(ids_l, null)
list_contains(names_l, 'ann')
list_contains(ids_l, '2')
list_contains(ids_l, 2.5)
list_intersect(ids_l, ids_r)
list_intersect(names_l, names_r)
list_intersect([1,1,2,null],[1,null,2,2])
list_intersect([3,2,1],[1,2,3])
list_intersect(ids_l, null)
list_intersect(null, ids_l)
array_length(list_intersect(ids_l, ids_r)) >= 1
list_has_any(ids_l, ids_r)
list_has_any([null],[null])
list_has_all(ids_l, [2, 1])
list_has_all(ids_l, [1, null])
list_has_all(ids_l, [])
ids_l @> [1]
[1] <@ ids_l
ids_l && ids_r
list_sort(list_distinct(ids_l))
list_unique(ids_l)
list_sort(ids_l)
list_sort(names_l)
list_reverse(ids_l)
list_concat(ids_l, [4])
list_concat(ids_l, null)
ids_l || [4]
list_append(ids_l, 4)
list_prepend(0, ids_l)
list_append(ids_l, null)
list_position(ids_l, 2)
list_position(ids_l, 99)
list_max(ids_l)
list_max(names_l)
list_min(ids_l)
list_sum(ids_l)
list_sum(v_l)
list_avg(ids_l)
list_avg([]::int[])
list_count(ids_l)
list_any_value(ids_l)
list_first(ids_l)
list_last(ids_l)
flatten([[1,2],[3],[]])
flatten([[1],null])
flatten([])
list_transform(ids_l, x -> null)
list_transform([]::int[], x -> x)
list_transform(ids_l, x -> coalesce(x,0))
list_filter(ids_l, x -> null)
list_filter(ids_l, (x,i) -> i > 1)
list_cosine_similarity(v_l, v_r)
list_cosine_similarity([1,2],[2,3])
list_cosine_similarity([1.0::float,2.0],[2.0::float,3.0])
list_cosine_similarity([1.0],[1.0,2.0])
list_cosine_similarity([1.0,null],[1.0,2.0])
list_cosine_similarity([]::double[],[]::double[])
list_cosine_distance(v_l, v_r)
list_inner_product(v_l, v_r)
list_distance(v_l, v_r)
array_cosine_similarity(v_l::double[2], v_r::double[2])
array_cosine_similarity(v_l::float[2], v_r::float[2])
array_to_string(ids_l,'-')
array_to_string(names_l,'; ')
ids_l = ids_r
ids_l < ids_r
[1] < [1,2]
[null] = [null]
ids_l is not distinct from ids_r
ids_l in ([1,2,3],[4])
list_transform(names_l, x -> upper(x) || s_l)
list_transform([[1,2],[3]], x -> list_sum(x))
list_transform(list_transform(ids_l, x -> x+1), y -> y*2)
list_transform(names_l, x -> list_transform(names_r, y -> x || y))
1::float / 3
1::float * 0.1
0.1::float = 0.1
0.1::float = 0.1::double
d_l::float = 0.1
n_l = 16777217::float
abs(-1.5::float)
sqrt(2::float)
round(2.567::float,2)
n_l + '5'
d_l + n_l
d_l * 0.1
n_l + null
null + null
- null
not null
n_l > null
case when null then 1 else 2 end
-n_l
-d_l
n_l + n_r
n_l - n_r
n_l * 2
d_l + lat_l
d_l * d_l
n_l - d_l
(n_l - 1) * (n_l + 1)
'a' < 'B'
s_l < s_r
s_l >= s_r
'é' > 'z'
s_l = s_r
ok_l and n_l > 0
not ok_l
ok_l or n_l > 5
ok_l = (n_l > 0)
s_l is null or s_r is null
s_l = s_r or s_l like s_r || '%'
born_l + interval 7 day
born_l - interval '7 days'
seen_l + interval '1' month
seen_l - interval (n_l % 10) hour
born_l + interval 1 quarter - interval 1 year
date '2024-01-31' + interval 1 month
date '2024-02-29' + interval 1 year
date '2024-02-29' - interval 1 decade
seen_l + interval 90 minutes
seen_l + interval 2 weeks
seen_l + interval 1 millisecond
n_l = any(ids_l)
not 2 = any(ids_l)
s_l = any(names_r) or s_r = any(names_l)
born_l between born_r - interval 40 day and born_r + interval 40 day
array_length(ids_l, 1)
2 = any(ids_l)
'Anna' = any(names_l)
mod(n_l, 7)
s_l[:3] = s_r[:3]
substr(s_l, 1, 1) || substr(s_r, 1, 1)
len(list_filter(names_l, x -> x like '%n%')) > 0
list_sort(string_split(lower(s_l), 'n'))
array_to_string(list_sort(string_split('c b a', ' ')), ' ')
string_split(at_l, 'T')[1]
abs(datediff('day', try_strptime(dob_l, '%Y-%m-%d'), try_strptime(dob_r, '%Y-%m-%d'))) <= 30
abs(date_diff('year', born_l, born_r)) <= 1
nullif(trim(s_l), '') is null
regexp_replace(lower(code_l), '[^a-z0-9]', '', 'g')
coalesce(s_l, '') || '-' || coalesce(dob_l, '')
concat_ws(' ', s_l, dob_l, code_l)
(case when s_l = s_r then 1 else 0 end) + (case when n_l = n_r then 1 else 0 end) >= 1
n_l between n_r * 0.9 and n_r * 1.1
n_l / nullif(n_r, 0) > 0.5
round(lat_l, 2) = round(lat_r, 2)
cast(lat_l as integer) = cast(lat_r as integer)
floor(n_l / 10) * 10
left(code_l, strpos(code_l, ' ') - 1)
split_part(code_l, '@', 2) = 'example.com'
upper(left(s_l, 1)) || lower(substr(s_l, 2))
greatest(jaro_winkler_similarity(s_l, s_r), jaro_winkler_similarity(dob_l, dob_r)) > 0.9
jaro_winkler_similarity(lower(strip_accents(s_l)), lower(strip_accents(s_r)))
levenshtein(s_l, s_r) / greatest(length(s_l), length(s_r)) < 0.3
1 - levenshtein(s_l, s_r) / greatest(len(s_l), len(s_r)) > 0.5
year(try_strptime(dob_l, '%Y-%m-%d')) = 1990
strftime(try_strptime(dob_l, '%Y-%m-%d'), '%Y-%m')
s_l in ('Anna', 'Anne') and s_r not in ('x')
ok_l and not ok_r or s_l is null
n_l = n_r and (s_l = s_r or levenshtein(s_l, s_r) <= 1)
try_cast(code_l as integer) is not null
