/* Columns over the nodes and blocks of a page that take a look at each text or value: the compiled forms of functions
 * in declutter/features/characters.py, view.py and __init__.py. */
#include <float.h>
#include <math.h>

#include "speedups.h"

/* -- characters ------------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(class_counts_doc, "class_counts(texts, ideograph, wordy, classes, counts, words): see characters.py.");

/* wordy: bits of the classes that words are made of. classes: uint8, of each code point below its length. */
static PyObject *
class_counts(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 1}, {FLOATS, 8}, {FLOATS, 8}};
    Numbers arrays[3];
    if (!arguments_are("class_counts", given, 6)) {
        return NULL;
    }
    const long ideograph = PyLong_AsLong(args[1]);
    const long wordy = PyLong_AsLong(args[2]);
    if (PyErr_Occurred() || take_all(arrays, args + 3, forms, 3, 2) < 0) {
        return NULL;
    }
    const uint8_t *classes = arrays[0].view.buf;
    const Py_UCS4 known = (Py_UCS4)arrays[0].length;
    const Py_ssize_t width = arrays[1].view.ndim == 2 ? arrays[1].view.shape[1] : 0;
    int done = 0;
    if (!PyList_Check(args[0]) || width < 1 || width > 30 || ideograph < 0 || ideograph >= width || known < 1 ||
        arrays[2].length != PyList_GET_SIZE(args[0]) || arrays[1].length != arrays[2].length * width) {
        done = do_not_fit();
    }
    for (Py_ssize_t row = 0; done == 0 && row < arrays[2].length; row++) {
        PyObject *text = PyList_GET_ITEM(args[0], row);
        if (!is_text(text)) {
            done = -1;
            break;
        }
        Py_ssize_t found[32] = {0};
        Py_ssize_t words = 0;
        long before = 0;
        const int kind = PyUnicode_KIND(text);
        const void *data = PyUnicode_DATA(text);
        for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++) {
            const Py_UCS4 point = PyUnicode_READ(kind, data, i);
            const unsigned class = point < known                           ? classes[point]
                                   : point >= 0x20000 && point <= 0x3FFFF ? (unsigned)ideograph
                                                                          : classes[known - 1];
            const long now = wordy >> (class & 31) & 1;
            found[class & 31]++;
            words += now & ~before;
            before = now;
        }
        double *counts = (double *)arrays[1].view.buf + row * width;
        for (Py_ssize_t class = 0; class < width; class++) {
            counts[class] = (double)found[class];
        }
        ((double *)arrays[2].view.buf)[row] = (double)words + (double)found[ideograph] / 2;
    }
    return drop_all(arrays, 3, done);
}

PyDoc_STRVAR(ink_lengths_doc, "ink_lengths(texts, codes, of_node, lengths): len(text.strip()) of texts in blocks, 1 of\n"
                              "other nodes in blocks, 0 of what is in none.");

static PyObject *
ink_lengths(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 2}, {INTEGERS, 4}, {FLOATS, 8}};
    Numbers arrays[3];
    if (!arguments_are("ink_lengths", given, 4) || take_all(arrays, args + 1, forms, 3, 1) < 0) {
        return NULL;
    }
    const int16_t *codes = arrays[0].view.buf;
    const int32_t *of_node = arrays[1].view.buf;
    double *lengths = arrays[2].view.buf;
    const Py_ssize_t count = arrays[2].length;
    int done = 0;
    if (!PyList_Check(args[0]) || PyList_GET_SIZE(args[0]) != count || arrays[0].length != count ||
        arrays[1].length != count) {
        done = do_not_fit();
    }
    for (Py_ssize_t node = 0; done == 0 && node < count; node++) {
        lengths[node] = 0;
        if (of_node[node] < 0) {
            continue;
        }
        if (codes[node] >= 0) { /* -1 is text */
            lengths[node] = 1;
            continue;
        }
        PyObject *text = PyList_GET_ITEM(args[0], node);
        if (!is_text(text)) {
            done = -1;
            break;
        }
        const int kind = PyUnicode_KIND(text);
        const void *data = PyUnicode_DATA(text);
        Py_ssize_t start = 0, end = PyUnicode_GET_LENGTH(text);
        while (start < end && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, start))) {
            start++;
        }
        while (start < end && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, end - 1))) {
            end--;
        }
        lengths[node] = (double)(end - start);
    }
    return drop_all(arrays, 3, done);
}

/* -- values ------------------------------------------------------------------------------------------------------ */

PyDoc_STRVAR(numbered_doc, "numbered(values, numbers): the number of each value of a list among the different ones.");

static PyObject *
numbered(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    Numbers numbers;
    if (!arguments_are("numbered", given, 2) || numbers_take(&numbers, args[1], INTEGERS, 8, 1) < 0) {
        return NULL;
    }
    PyObject *number_of = PyDict_New();
    int done = number_of == NULL ? -1 : 0;
    if (done == 0 && (!PyList_Check(args[0]) || PyList_GET_SIZE(args[0]) != numbers.length)) {
        done = do_not_fit();
    }
    PyObject *last = NULL; /* the value before: neighbours are often alike */
    int64_t number = 0;
    for (Py_ssize_t place = 0; done == 0 && place < numbers.length; place++) {
        PyObject *value = PyList_GET_ITEM(args[0], place);
        if (value != last) {
            PyObject *known = PyDict_GetItemWithError(number_of, value);
            if (known != NULL) {
                number = PyLong_AsLongLong(known);
            }
            else {
                number = PyDict_GET_SIZE(number_of);
                PyObject *next = PyErr_Occurred() ? NULL : PyLong_FromLongLong(number);
                done = next == NULL ? -1 : PyDict_SetItem(number_of, value, next);
                Py_XDECREF(next);
            }
            last = value;
        }
        ((int64_t *)numbers.view.buf)[place] = number;
    }
    Py_XDECREF(number_of);
    return drop_all(&numbers, 1, done);
}

/* -- the table --------------------------------------------------------------------------------------------------- */

/* Half to even, as rint. Adding and taking off 1.5 x 2^52 leaves no room for a fraction; larger numbers have none. */
static inline double
rounded(double value)
{
#if FLT_EVAL_METHOD == 0
    const double shift = 6755399441055744.0;
    const double whole = copysign((value + shift) - shift, value);
    return fabs(value) < 2251799813685248.0 ? whole : value; /* also a NaN and infinity */
#else
    return rint(value);
#endif
}

PyDoc_STRVAR(round_table_doc, "round_table(table, scale, rounded): rint(table * scale) / scale, and rows become columns.");

static PyObject *
round_table(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    Numbers table, result;
    if (!arguments_are("round_table", given, 3)) {
        return NULL;
    }
    const double scale = PyFloat_AsDouble(args[1]);
    if ((scale == -1.0 && PyErr_Occurred()) || numbers_take(&table, args[0], FLOATS, 8, 0) < 0) {
        return NULL;
    }
    if (numbers_take(&result, args[2], FLOATS, 4, 1) < 0) {
        numbers_drop(&table);
        return NULL;
    }
    int done = 0;
    if (table.view.ndim != 2 || result.view.ndim != 2 || table.view.shape[0] != result.view.shape[1] ||
        table.view.shape[1] != result.view.shape[0]) {
        done = do_not_fit();
    }
    else {
        enum { BLOCK = 16 }; /* so that what is read and what is written stay in the cache */
        const Py_ssize_t height = table.view.shape[0], width = table.view.shape[1];
        const double *from = table.view.buf;
        float *to = result.view.buf;
        for (Py_ssize_t top = 0; top < height; top += BLOCK) {
            const Py_ssize_t bottom = top + BLOCK < height ? top + BLOCK : height;
            for (Py_ssize_t column = 0; column < width; column++) {
                for (Py_ssize_t row = top; row < bottom; row++) {
                    to[column * height + row] = (float)(rounded(from[row * width + column] * scale) / scale);
                }
            }
        }
    }
    numbers_drop(&table);
    numbers_drop(&result);
    if (done < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"class_counts", FAST(class_counts), METH_FASTCALL, class_counts_doc},
    {"ink_lengths", FAST(ink_lengths), METH_FASTCALL, ink_lengths_doc},
    {"numbered", FAST(numbered), METH_FASTCALL, numbered_doc},
    {"round_table", FAST(round_table), METH_FASTCALL, round_table_doc},
    {NULL, NULL, 0, NULL},
};

int
add_columns(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
