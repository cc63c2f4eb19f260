/* Whether a text holds a year, date or time of day: the compiled form of _DATE in declutter/features/characters.py.
 *
 * In ASCII a run of digits that begins a word can only be matched whole, so that one look at each is enough.
 */
#include "speedups.h"

typedef struct {
    const Py_UCS1 *data;
    Py_ssize_t length;
} Ascii;

static inline int
is_digit(const Ascii *text, Py_ssize_t at)
{
    return at < text->length && text->data[at] >= '0' && text->data[at] <= '9';
}

/* Of a word for \b. */
static inline int
is_wordy(const Ascii *text, Py_ssize_t at)
{
    return at >= 0 && at < text->length && (Py_ISALNUM(text->data[at]) || text->data[at] == '_');
}

static Py_ssize_t
digits_end(const Ascii *text, Py_ssize_t at)
{
    while (is_digit(text, at)) {
        at++;
    }
    return at;
}

static inline int
parts_dates(const Ascii *text, Py_ssize_t at)
{
    return at < text->length && (text->data[at] == '.' || text->data[at] == '/' || text->data[at] == '-');
}

/* Whether the digits from start to end, which begin a word, begin a year, date or time. */
static int
begins_date(const Ascii *text, Py_ssize_t start, Py_ssize_t end)
{
    const Py_UCS1 *data = text->data + start;
    if (end - start == 4) {
        return ((data[0] == '1' && data[1] == '9') || (data[0] == '2' && data[1] == '0')) && !is_wordy(text, end);
    }
    if (end - start > 2 || end >= text->length) {
        return 0;
    }
    const Py_ssize_t second = digits_end(text, end + 1);
    const Py_ssize_t size = second - (end + 1);
    if (text->data[end] == ':') {
        return size == 2 && !is_wordy(text, second);
    }
    if (!parts_dates(text, end) || size < 1 || size > 2 || !parts_dates(text, second)) {
        return 0;
    }
    const Py_ssize_t third = digits_end(text, second + 1);
    return third - (second + 1) >= 2 && third - (second + 1) <= 4 && !is_wordy(text, third);
}

PyDoc_STRVAR(dated_doc, "dated(texts, window, found): 1 or 0 for each text that is ASCII; the others are left as they are.");

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
        if (!is_text(string)) {
            done = -1;
            break;
        }
        if (!PyUnicode_IS_ASCII(string)) {
            continue;
        }
        const Py_ssize_t length = PyUnicode_GET_LENGTH(string);
        const Ascii text = {PyUnicode_1BYTE_DATA(string), length < window ? length : window};
        int is_dated = 0;
        for (Py_ssize_t at = 0; !is_dated && at < text.length; at++) {
            if (is_digit(&text, at)) {
                const Py_ssize_t end = digits_end(&text, at);
                is_dated = !is_wordy(&text, at - 1) && begins_date(&text, at, end);
                at = end - 1;
            }
        }
        ((double *)found.view.buf)[row] = is_dated;
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
