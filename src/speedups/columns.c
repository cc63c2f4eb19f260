/* Columns over the nodes and blocks of a page that take a look at each text or value: the compiled forms of functions
 * in declutter/features/characters.py, view.py and __init__.py. */
#include <float.h>
#include <math.h>
#include <string.h>

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

/* len(text.strip()) */
static Py_ssize_t
ink_length(PyObject *text)
{
    const int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t start = 0, end = PyUnicode_GET_LENGTH(text);
    while (start < end && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, start))) {
        start++;
    }
    while (start < end && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, end - 1))) {
        end--;
    }
    return end - start;
}

/* sums: of each block the ink of its nodes, and of those in links; ended: links that end before each node. */
static int
sum_ink(PyObject *texts, const Numbers *codes, const Numbers *of_node, const Numbers *ends, long link, double (*sums)[2],
        Py_ssize_t blocks, int32_t *ended)
{
    int64_t open = 0;
    for (Py_ssize_t node = 0; node < codes->length; node++) {
        const int32_t code = ((const int32_t *)codes->view.buf)[node], block = ((const int32_t *)of_node->view.buf)[node];
        const int32_t end = ((const int32_t *)ends->view.buf)[node];
        open -= ended[node];
        if (code == link) {
            if (end < 0 || end > codes->length) {
                return do_not_fit();
            }
            open++;
            ended[end]++;
        }
        if (block < 0) {
            continue;
        }
        PyObject *text = PyList_GET_ITEM(texts, node);
        if (block >= blocks) {
            return do_not_fit();
        }
        if (!is_text(text)) {
            return -1;
        }
        const double length = code < 0 ? (double)ink_length(text) : 1; /* -1 is text */
        sums[block][0] += length;
        sums[block][1] += open > 0 ? length : 0;
    }
    return 0;
}

PyDoc_STRVAR(link_sizes_doc, "link_sizes(texts, codes, of_node, ends, link, sizes, linked): the part of the sizes of blocks that is\n"
                             "in nodes with the code of links: of texts their ink, of other nodes 1 each.");

static PyObject *
link_sizes(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 4}, {INTEGERS, 4}, {INTEGERS, 4}}, results[] = {{FLOATS, 8}, {FLOATS, 8}};
    Numbers arrays[5];
    if (!arguments_are("link_sizes", given, 7)) {
        return NULL;
    }
    const long link = PyLong_AsLong(args[4]);
    if ((link == -1 && PyErr_Occurred()) || take_all(arrays, args + 1, forms, 3, 0) < 0) {
        return NULL;
    }
    if (take_all(arrays + 3, args + 5, results, 2, 1) < 0) {
        return drop_all(arrays, 3, -1);
    }
    const Py_ssize_t m = arrays[0].length, n = arrays[3].length;
    double(*sums)[2] = PyMem_Calloc((size_t)n + 1, sizeof(*sums));
    int32_t *ended = PyMem_Calloc((size_t)m + 1, sizeof(int32_t));
    int done = 0;
    if (sums == NULL || ended == NULL) {
        PyErr_NoMemory();
        done = -1;
    }
    else if (!PyList_Check(args[0]) || PyList_GET_SIZE(args[0]) != m || arrays[1].length != m || arrays[2].length != m ||
             arrays[4].length != n) {
        done = do_not_fit();
    }
    else {
        done = sum_ink(args[0], &arrays[0], &arrays[1], &arrays[2], link, sums, n, ended);
    }
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        const double share = sums[row][0] > 0 ? sums[row][1] / sums[row][0] : 0;
        ((double *)arrays[4].view.buf)[row] = ((const double *)arrays[3].view.buf)[row] * share;
    }
    PyMem_Free(sums);
    PyMem_Free(ended);
    return drop_all(arrays, 5, done);
}

/* -- values ------------------------------------------------------------------------------------------------------ */

/* The number of a value among the different ones, in the order in which they come; -1 with an exception. */
static int64_t
number_of(PyObject *numbers, PyObject *value)
{
    PyObject *known = PyDict_GetItemWithError(numbers, value);
    if (known != NULL) {
        return PyLong_AsLongLong(known);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    const int64_t number = PyDict_GET_SIZE(numbers);
    PyObject *next = PyLong_FromLongLong(number);
    const int set = next == NULL ? -1 : PyDict_SetItem(numbers, value, next);
    Py_XDECREF(next);
    return set < 0 ? -1 : number;
}

/* values[i] is borrowed; equal ones are mostly the same object, and are not looked up again. */
static int
number_all(PyObject *const *values, Py_ssize_t count, int64_t *result)
{
    enum { KNOWN = 256 };
    PyObject *known[KNOWN] = {NULL};
    int64_t number_of_known[KNOWN];
    PyObject *numbers = PyDict_New();
    int64_t number = numbers == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; number >= 0 && i < count; i++) {
        const size_t place = ((uintptr_t)values[i] >> 4) % KNOWN;
        if (known[place] != values[i]) {
            number = number_of(numbers, values[i]);
            known[place] = values[i];
            number_of_known[place] = number;
        }
        result[i] = number = number_of_known[place];
    }
    Py_XDECREF(numbers);
    return number < 0 ? -1 : 0;
}

static int
find_steps(PyObject *tags, PyObject *classes, PyObject *none, const Numbers *nodes, PyObject **values, int64_t *of_tag,
           int64_t *of_class)
{
    const Py_ssize_t all = PyList_GET_SIZE(tags);
    PyObject **class_of = values + nodes->length;
    for (Py_ssize_t row = 0; row < nodes->length; row++) {
        const int64_t node = ((const int64_t *)nodes->view.buf)[row];
        if (node < 0 || node >= all) {
            return do_not_fit();
        }
        values[row] = PyList_GET_ITEM(tags, node);
    }
    if (number_all(values, nodes->length, of_tag) < 0) {
        return -1;
    }
    for (Py_ssize_t node = 0; node < all; node++) {
        class_of[node] = none;
    }
    Py_ssize_t place = 0;
    PyObject *key, *value;
    while (PyDict_Next(classes, &place, &key, &value)) {
        const Py_ssize_t node = PyLong_AsSsize_t(key);
        if (node < 0 || node >= all) {
            return PyErr_Occurred() ? -1 : do_not_fit();
        }
        class_of[node] = value;
    }
    for (Py_ssize_t row = 0; row < nodes->length; row++) {
        values[row] = class_of[((const int64_t *)nodes->view.buf)[row]];
    }
    return number_all(values, nodes->length, of_class);
}

PyDoc_STRVAR(steps_doc, "steps(tags, classes, nodes, of_tag, of_class): numbers of the tags of nodes, and of their classes.");

static PyObject *
steps(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}};
    Numbers arrays[3];
    if (!arguments_are("steps", given, 5)) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "steps takes a list, a dict and arrays");
        return NULL;
    }
    if (take_all(arrays, args + 2, forms, 3, 2) < 0) {
        return NULL;
    }
    const size_t room = (size_t)(arrays[0].length + PyList_GET_SIZE(args[0]) + 1);
    PyObject **values = PyMem_Malloc(room * sizeof(PyObject *));
    PyObject *none = PyUnicode_FromStringAndSize(NULL, 0);
    int done = -1;
    if (values == NULL) {
        PyErr_NoMemory();
    }
    else if (arrays[1].length != arrays[0].length || arrays[2].length != arrays[0].length) {
        done = do_not_fit();
    }
    else if (none != NULL) {
        done = find_steps(args[0], args[1], none, &arrays[0], values, arrays[1].view.buf, arrays[2].view.buf);
    }
    PyMem_Free(values);
    Py_XDECREF(none);
    return drop_all(arrays, 3, done);
}

/* -- the table --------------------------------------------------------------------------------------------------- */

/* Half to even, as rint: adding and taking off 1.5 x 2^52 leaves no room for a fraction. */
static inline double
rounded(double value)
{
#if FLT_EVAL_METHOD == 0
    const double shift = 6755399441055744.0;
    return copysign((value + shift) - shift, value);
#else
    return rint(value);
#endif
}

/* Most rows of a page are zero: what it has none of. The loop that rounds the others holds no branch, so that compilers make
 * several numbers at once, and no division: a whole number k times 1e-4 is k / 1e4 but for 2^-52 of it. The middle between two
 * floats is 2^-39 of it away or, from 2^20 on, hit by sixteenths, so that both become the same float. */
CLONED static void
round_row(const double *values, Py_ssize_t count, double scale, float *result)
{
    const double limit = 1e6; /* less than 2^20 */
    int64_t top;
    memcpy(&top, &limit, sizeof(top));
    uint64_t any = 0;
    int64_t large = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof(bits));
        any |= bits;
        large |= top - (int64_t)(bits << 1 >> 1); /* without their sign numbers are ordered as their bits are, NaN last */
    }
    if (any == 0) {
        memset(result, 0, (size_t)count * sizeof(float));
    }
    else if (large >= 0 && scale == 1e4) {
        for (Py_ssize_t i = 0; i < count; i++) {
            result[i] = (float)(rounded(values[i] * scale) * 1e-4);
        }
    }
    else {
        for (Py_ssize_t i = 0; i < count; i++) {
            result[i] = (float)(rint(values[i] * scale) / scale);
        }
    }
}

PyDoc_STRVAR(round_table_doc, "round_table(table, scale, rounded, first): rint(table * scale) / scale, as rows from the first on.");

static PyObject *
round_table(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    Numbers table, result;
    if (!arguments_are("round_table", given, 4)) {
        return NULL;
    }
    const double scale = PyFloat_AsDouble(args[1]);
    const Py_ssize_t first = PyLong_AsSsize_t(args[3]);
    if ((first == -1 && PyErr_Occurred()) || (scale == -1.0 && PyErr_Occurred()) || numbers_take(&table, args[0], FLOATS, 8, 0) < 0) {
        return NULL;
    }
    if (numbers_take(&result, args[2], FLOATS, 4, 1) < 0) {
        numbers_drop(&table);
        return NULL;
    }
    int done = 0;
    if (table.view.ndim != 2 || result.view.ndim != 2 || table.view.shape[1] != result.view.shape[1] ||
        first < 0 || first > result.view.shape[0] || table.view.shape[0] > result.view.shape[0] - first) {
        done = do_not_fit();
    }
    else {
        const Py_ssize_t width = table.view.shape[1];
        for (Py_ssize_t row = 0; row < table.view.shape[0]; row++) {
            const double *values = (const double *)table.view.buf + row * width;
            round_row(values, width, scale, (float *)result.view.buf + (first + row) * width);
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
    {"link_sizes", FAST(link_sizes), METH_FASTCALL, link_sizes_doc},
    {"steps", FAST(steps), METH_FASTCALL, steps_doc},
    {"round_table", FAST(round_table), METH_FASTCALL, round_table_doc},
    {NULL, NULL, 0, NULL},
};

int
add_columns(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
