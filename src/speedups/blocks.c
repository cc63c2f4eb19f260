/* segment(): what the walk needs is taken and given back here, whatever happens on the way. */
#include "segment.h"

#include <string.h>

PyDoc_STRVAR(segment_doc,
             "segment(tags, attributes, texts, parents, ends, numbers, hiding, styled, labels, of_node)\n--\n\n"
             "The texts of the blocks, and the bytes of their rows (int32: owner, start, end, origin, hidden); the\n"
             "block of each node is written into of_node, which holds -1 everywhere.");

static PyObject *
segment(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (!arguments_are("segment", count, 10)) {
        return NULL;
    }
    Document page;
    Run run;
    Rows open;
    Numbers of_node;
    memset(&page, 0, sizeof(page));
    memset(&run, 0, sizeof(run));
    memset(&open, 0, sizeof(open));
    memset(&of_node, 0, sizeof(of_node));
    PyObject *whole = NULL;
    if (page_take(&page, args) == 0 && numbers_take(&of_node, args[9], INTEGERS, 4, 1) == 0 &&
        (run.texts = PyList_New(0)) != NULL) {
        run.page = &page;
        run.of_node = of_node.view.buf;
        if (of_node.length != page.count) {
            PyErr_SetString(PyExc_ValueError, "there must be a place for each node");
        }
        else if (walk_page(&page, &run, &open) == 0) {
            PyObject *rows = PyByteArray_FromStringAndSize((const char *)run.blocks.data,
                                                           run.blocks.length * (Py_ssize_t)sizeof(int32_t));
            whole = rows == NULL ? NULL : PyTuple_Pack(2, run.texts, rows);
            Py_XDECREF(rows);
        }
    }
    Py_XDECREF(run.texts);
    PyMem_Free(run.characters.data);
    PyMem_Free(run.line_ends.data);
    PyMem_Free(run.nodes.data);
    PyMem_Free(run.icons);
    PyMem_Free(run.raw.data);
    PyMem_Free(run.text.data);
    PyMem_Free(run.blocks.data);
    PyMem_Free(open.data);
    numbers_drop(&of_node);
    page_drop(&page);
    return whole;
}

static PyMethodDef functions[] = {
    {"segment", FAST(segment), METH_FASTCALL, segment_doc},
    {NULL, NULL, 0, NULL},
};

int
add_blocks(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
