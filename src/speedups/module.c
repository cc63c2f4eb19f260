/* declutter._speedups: the compiled forms of what the pure-Python modules do, with the same results to the last bit.
 *
 * Nothing here is needed: src/declutter/compiled.py says when it is used. Arrays come and go by the buffer protocol;
 * results are written into arrays that the caller made.
 */
#include "speedups.h"

#include <string.h>

int
numbers_take(Numbers *numbers, PyObject *array, Kind kind, Py_ssize_t size, int writable)
{
    numbers->view.obj = NULL;
    numbers->length = 0;
    int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(array, &numbers->view, flags) < 0) {
        return -1;
    }
    const char *format = numbers->view.format == NULL ? "B" : numbers->view.format;
    const char *known = kind == FLOATS ? "fd" : "?bBhHiIlLqQ";
    if (strlen(format) != 1 || strchr(known, format[0]) == NULL || numbers->view.itemsize != size) {
        PyErr_Format(PyExc_TypeError, "an array of format '%s' where %s of %zd bytes are read", format,
                     kind == FLOATS ? "floats" : "integers", size);
        numbers_drop(numbers);
        return -1;
    }
    if (numbers->view.len > 0 && (uintptr_t)numbers->view.buf % (size_t)size != 0) {
        PyErr_SetString(PyExc_ValueError, "the numbers of an array are not aligned");
        numbers_drop(numbers);
        return -1;
    }
    numbers->length = numbers->view.len / size;
    return 0;
}

void
numbers_drop(Numbers *numbers)
{
    if (numbers->view.obj != NULL) {
        PyBuffer_Release(&numbers->view); /* sets obj to NULL */
    }
}

int
take_all(Numbers *arrays, PyObject *const *args, const Form *forms, int count, int results)
{
    for (int i = 0; i < count; i++) {
        if (numbers_take(&arrays[i], args[i], forms[i].kind, forms[i].size, i >= count - results) < 0) {
            while (i > 0) {
                numbers_drop(&arrays[--i]);
            }
            return -1;
        }
    }
    return 0;
}

PyObject *
drop_all(Numbers *arrays, int count, int done)
{
    while (count > 0) {
        numbers_drop(&arrays[--count]);
    }
    if (done < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

int
do_not_fit(void)
{
    PyErr_SetString(PyExc_ValueError, "the arrays do not fit");
    return -1;
}

int
arguments_are(const char *name, Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted) {
        return 1;
    }
    PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, %zd were given", name, wanted, given);
    return 0;
}

int
is_read(PyObject *object)
{
    if (!PyUnicode_Check(object)) {
        PyErr_Format(PyExc_TypeError, "a str is read here, not %.100s", Py_TYPE(object)->tp_name);
        return 0;
    }
#if PY_VERSION_HEX < 0x030C0000
    return PyUnicode_READY(object) == 0;
#else
    return 1;
#endif
}

static int
execute(PyObject *module)
{
    int (*const adders[])(PyObject *) = {
        add_blocks, add_columns, add_context, add_curves, add_dates, add_document,   add_elements,   add_forest,
        add_frame,  add_lexicon, add_net,     add_overlap, add_source, add_sums,     add_tags,       add_visibility,
        add_vocabulary, add_wordbits, add_words,
    };
    for (size_t i = 0; i < sizeof(adders) / sizeof(adders[0]); i++) {
        if (adders[i](module) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "declutter._speedups",
    .m_doc = "Compiled forms of the hot loops; see compiled.py.",
    .m_size = 0,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__speedups(void)
{
    return PyModuleDef_Init(&definition);
}
