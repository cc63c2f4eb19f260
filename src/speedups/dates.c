/* Whether a text holds a year, date or time of day: the compiled form of _DATE in declutter/features/characters.py.
 *
 * A run of digits that begins a word can only be matched whole, but before the Chinese, Japanese and Korean signs of years, months
 * and days, so that one look at each is enough.
 */
#include "speedups.h"

#include <math.h>

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t length;
} Text;

static inline Py_UCS4
character_at(const Text *text, Py_ssize_t at)
{
    return at >= 0 && at < text->length ? PyUnicode_READ(text->kind, text->data, at) : 0;
}

static inline int
is_digit(const Text *text, Py_ssize_t at)
{
    const Py_UCS4 character = character_at(text, at);
    return character < 0x80 ? character >= '0' && character <= '9' : Py_UNICODE_ISDECIMAL(character);
}

/* Of a word for \b. */
static inline int
is_wordy(const Text *text, Py_ssize_t at)
{
    const Py_UCS4 character = character_at(text, at);
    return character < 0x80 ? Py_ISALNUM(character) || character == '_' : Py_UNICODE_ISALNUM(character);
}

static Py_ssize_t
digits_end(const Text *text, Py_ssize_t at)
{
    while (is_digit(text, at)) {
        at++;
    }
    return at;
}

static inline int
parts_dates(const Text *text, Py_ssize_t at)
{
    const Py_UCS4 character = character_at(text, at);
    return character == '.' || character == '/' || character == '-';
}

/* Whether the digits from start to end, which begin a word, begin a year, date or time. */
static int
begins_date(const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    if (end - start == 4) {
        const Py_UCS4 first = character_at(text, start), second = character_at(text, start + 1);
        return ((first == '1' && second == '9') || (first == '2' && second == '0')) && !is_wordy(text, end);
    }
    if (end - start > 2 || end >= text->length) {
        return 0;
    }
    const Py_ssize_t second = digits_end(text, end + 1);
    const Py_ssize_t size = second - (end + 1);
    if (character_at(text, end) == ':') {
        return size == 2 && !is_wordy(text, second);
    }
    if (!parts_dates(text, end) || size < 1 || size > 2 || !parts_dates(text, second)) {
        return 0;
    }
    const Py_ssize_t third = digits_end(text, second + 1);
    return third - (second + 1) >= 2 && third - (second + 1) <= 4 && !is_wordy(text, third);
}

/* Whether the sign behind some digits makes a year, month or day of them. */
static int
is_counted(const Text *text, Py_ssize_t end)
{
    static const Py_UCS4 signs[] = {0x5E74, 0xB144, 0x6708, 0x65E5, 0xC6D4};
    const Py_UCS4 sign = character_at(text, end);
    int any = 0;
    for (size_t place = 0; sign >= 0x80 && place < sizeof(signs) / sizeof(signs[0]); place++) {
        any |= sign == signs[place];
    }
    return any;
}

static int
is_dated(const Text *text)
{
    for (Py_ssize_t at = 0; at < text->length; at++) {
        if (is_digit(text, at)) {
            const Py_ssize_t end = digits_end(text, at);
            if (is_counted(text, end) || (!is_wordy(text, at - 1) && begins_date(text, at, end))) {
                return 1;
            }
            at = end - 1;
        }
    }
    return 0;
}

PyDoc_STRVAR(dated_doc, "dated(texts, window, found): 1 or 0 for each text of which NaN is found.");

static PyObject *
dated(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{FLOATS, 8}};
    Numbers found;
    if (!arguments_are("dated", given, 3)) {
        return NULL;
    }
    const Py_ssize_t window = PyLong_AsSsize_t(args[1]);
    if ((window == -1 && PyErr_Occurred()) || take_all(&found, args + 2, forms, 1, 1) < 0) {
        return NULL;
    }
    int done = !PyList_Check(args[0]) || PyList_GET_SIZE(args[0]) != found.length ? do_not_fit() : 0;
    for (Py_ssize_t row = 0; done == 0 && row < found.length; row++) {
        PyObject *string = PyList_GET_ITEM(args[0], row);
        double *result = (double *)found.view.buf + row;
        if (!is_text(string)) {
            done = -1;
        }
        else if (isnan(*result)) {
            const Py_ssize_t length = PyUnicode_GET_LENGTH(string);
            const Text text = {PyUnicode_KIND(string), PyUnicode_DATA(string), length < window ? length : window};
            *result = is_dated(&text);
        }
    }
    return drop_all(&found, 1, done);
}

static PyMethodDef functions[] = {
    {"dated", FAST(dated), METH_FASTCALL, dated_doc},
    {NULL, NULL, 0, NULL},
};

int
add_dates(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
