/* Tags as numbers, and the nodes that have an attribute: columns over the nodes of a document. */
#include "tags.h"

int
tag_numbers(PyObject *tags, PyObject *numbers, int32_t *of_node)
{
    /* Nodes of one tag mostly share one string, so that few are looked up: this remembers some by their address. */
    enum { KNOWN = 64 };
    PyObject *known[KNOWN] = {NULL};
    int32_t number_of[KNOWN] = {0};
    const Py_ssize_t count = PyList_GET_SIZE(tags);
    for (Py_ssize_t node = 0; node < count; node++) {
        PyObject *tag = PyList_GET_ITEM(tags, node);
        const size_t place = ((uintptr_t)tag >> 4) % KNOWN;
        if (known[place] != tag) {
            PyObject *number = PyDict_GetItemWithError(numbers, tag);
            const long value = number == NULL ? 0 : PyLong_AsLong(number);
            if (PyErr_Occurred()) {
                return -1;
            }
            known[place] = tag;
            number_of[place] = (int32_t)value;
        }
        of_node[node] = number_of[place];
    }
    return 0;
}

PyDoc_STRVAR(tag_codes_doc, "tag_codes(tags, numbers, codes): write the number of each tag, 0 for one without (int32).");

static PyObject *
tag_codes(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (!arguments_are("tag_codes", count, 3)) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "tag_codes takes a list, a dict and an array");
        return NULL;
    }
    Numbers codes;
    if (numbers_take(&codes, args[2], INTEGERS, 4, 1) < 0) {
        return NULL;
    }
    int done;
    if (codes.length != PyList_GET_SIZE(args[0])) {
        PyErr_SetString(PyExc_ValueError, "there must be a code for each tag");
        done = -1;
    }
    else {
        done = tag_numbers(args[0], args[1], codes.view.buf);
    }
    return drop_all(&codes, 1, done);
}

/* The list of a tag, borrowed; a new one where there is none. NULL with an exception. */
static PyObject *
rows_of(PyObject *tagged, PyObject *tag)
{
    PyObject *rows = PyDict_GetItemWithError(tagged, tag);
    if (rows == NULL && !PyErr_Occurred() && (rows = PyList_New(0)) != NULL) {
        const int set = PyDict_SetItem(tagged, tag, rows);
        Py_DECREF(rows); /* the dict has it */
        rows = set < 0 ? NULL : rows;
    }
    if (rows != NULL && !PyList_Check(rows)) {
        PyErr_SetString(PyExc_TypeError, "the rows of a tag are a list");
        rows = NULL;
    }
    return rows;
}

PyDoc_STRVAR(tagged_doc, "tagged(tags, left_out, rows): add the number of each node to the list of its tag, but for one tag.");

static PyObject *
tagged(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    enum { KNOWN = 64 }; /* as in tag_numbers */
    PyObject *known[KNOWN] = {NULL}, *rows_of_known[KNOWN];
    if (!arguments_are("tagged", count, 3)) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || !PyUnicode_Check(args[1]) || !PyDict_CheckExact(args[2])) {
        PyErr_SetString(PyExc_TypeError, "tagged takes a list, a tag and a dict");
        return NULL;
    }
    for (Py_ssize_t node = 0; node < PyList_GET_SIZE(args[0]); node++) {
        PyObject *tag = PyList_GET_ITEM(args[0], node);
        const size_t place = ((uintptr_t)tag >> 4) % KNOWN;
        if (known[place] != tag) {
            if (!is_text(tag)) {
                return NULL;
            }
            const int is_listed = PyUnicode_Compare(tag, args[1]) != 0;
            rows_of_known[place] = is_listed ? rows_of(args[2], tag) : NULL;
            if (is_listed && rows_of_known[place] == NULL) {
                return NULL;
            }
            known[place] = tag;
        }
        if (rows_of_known[place] != NULL) {
            PyObject *number = PyLong_FromSsize_t(node);
            const int added = number == NULL ? -1 : PyList_Append(rows_of_known[place], number);
            Py_XDECREF(number);
            if (added < 0) {
                return NULL;
            }
        }
    }
    Py_RETURN_NONE;
}

int
pair_of(PyObject *attributes, Py_ssize_t place, PyObject **key, PyObject **value)
{
    PyObject *pair = PyTuple_GET_ITEM(attributes, place);
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
        PyErr_SetString(PyExc_TypeError, "an attribute is a pair of a name and a value");
        return -1;
    }
    *key = PyTuple_GET_ITEM(pair, 0);
    *value = PyTuple_GET_ITEM(pair, 1);
    if (*value == Py_None) {
        *value = NULL;
        return is_text(*key) ? 0 : -1;
    }
    return is_text(*key) && is_text(*value) ? 0 : -1;
}

int
names_take(Names *names, PyObject *named)
{
    memset(names, 0, sizeof(*names));
    Py_ssize_t at = 0, all = 0;
    PyObject *name, *values;
    while (PyDict_Next(named, &at, &name, &values)) {
        if (!is_text(name)) {
            return -1;
        }
        if (all == MOST_ASKED || !PyDict_Check(values)) {
            PyErr_SetString(PyExc_ValueError, "these are more names than are looked for, or they have no dict");
            return -1;
        }
        const unsigned shape = shape_of(name);
        names->asked[all] = (Asked){name, values, names->by_shape[shape]};
        names->by_shape[shape] = (uint8_t)++all;
    }
    return 0;
}

PyDoc_STRVAR(named_doc, "named(attributes, named): put the value of each attribute into named[name][node].");

static PyObject *
named(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (!arguments_are("named", count, 2)) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "named takes a list and a dict");
        return NULL;
    }
    Names names;
    if (names_take(&names, args[1]) < 0) {
        return NULL;
    }
    PyObject *empty = PyUnicode_FromStringAndSize(NULL, 0);
    if (empty == NULL) {
        return NULL;
    }
    const Py_ssize_t nodes = PyList_GET_SIZE(args[0]);
    for (Py_ssize_t node = 0; node < nodes; node++) {
        PyObject *attributes = PyList_GET_ITEM(args[0], node);
        if (!PyTuple_Check(attributes)) {
            PyErr_SetString(PyExc_TypeError, "the attributes of a node are a tuple");
            goto failed;
        }
        for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(attributes); place++) {
            PyObject *key, *value;
            if (pair_of(attributes, place, &key, &value) < 0) {
                goto failed;
            }
            PyObject *values = values_of(&names, key);
            if (values == NULL) {
                continue;
            }
            PyObject *number = PyLong_FromSsize_t(node);
            const int set = number == NULL ? -1 : PyDict_SetItem(values, number, value == NULL ? empty : value);
            Py_XDECREF(number);
            if (set < 0) {
                goto failed;
            }
        }
    }
    Py_DECREF(empty);
    Py_RETURN_NONE;
failed:
    Py_DECREF(empty);
    return NULL;
}

static PyMethodDef functions[] = {
    {"tag_codes", FAST(tag_codes), METH_FASTCALL, tag_codes_doc},
    {"tagged", FAST(tagged), METH_FASTCALL, tagged_doc},
    {"named", FAST(named), METH_FASTCALL, named_doc},
    {NULL, NULL, 0, NULL},
};

int
add_tags(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
