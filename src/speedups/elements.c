/* Which nodes hold blocks, and the tree of them: the compiled form of PageView._lay_out in declutter/features/view.py. */
#include "speedups.h"

enum { STARTS, ENDS, CODES, PARENTS, OWNERS, FOUND, OWNED, GIVEN };
/* The rows of what is found. */
enum { NODES, NODE_ENDS, FIRST, LAST, ABOVE, HEIGHT };

/* before[node]: blocks that start before it, m + 1 places. 0, or -1 with an exception. */
static int
count_starts(const Numbers *starts, int32_t *before, Py_ssize_t m)
{
    for (Py_ssize_t row = 0; row < starts->length; row++) {
        const int32_t start = ((const int32_t *)starts->view.buf)[row];
        if (start < 0 || start >= m) {
            return do_not_fit();
        }
        before[start + 1]++;
    }
    for (Py_ssize_t node = 0; node < m; node++) {
        before[node + 1] += before[node];
    }
    return 0;
}

/* What _lay_out does; place[node]: the element at a node, or the last before it. How many there are, or -1 with an exception. */
static Py_ssize_t
lay_out(const Numbers *arrays, const int32_t *before, int32_t *place, Py_ssize_t m)
{
    const int32_t *ends = arrays[ENDS].view.buf, *codes = arrays[CODES].view.buf, *parents = arrays[PARENTS].view.buf;
    int64_t *rows[HEIGHT];
    for (int i = 0; i < HEIGHT; i++) {
        rows[i] = (int64_t *)arrays[FOUND].view.buf + i * m;
    }
    Py_ssize_t k = 0;
    for (Py_ssize_t node = 0; node < m; node++) {
        const int32_t end = ends[node], parent = node > 0 ? parents[node] : 0;
        if (end < 0 || end > m || parent < 0 || (node > 0 && parent >= node)) {
            return do_not_fit();
        }
        if (node == 0 || (before[end] > before[node] && codes[node] != -1)) { /* -1 is text */
            rows[NODES][k] = node;
            rows[NODE_ENDS][k] = end;
            rows[FIRST][k] = before[node];
            rows[LAST][k] = before[end];
            rows[ABOVE][k] = node > 0 ? place[parent] : 0;
            k++;
        }
        place[node] = (int32_t)(k - 1);
    }
    for (Py_ssize_t row = 0; row < arrays[OWNERS].length; row++) {
        const int32_t owner = ((const int32_t *)arrays[OWNERS].view.buf)[row];
        if (owner < 0 || owner >= m) {
            return do_not_fit();
        }
        ((int64_t *)arrays[OWNED].view.buf)[row] = place[owner];
    }
    return k;
}

PyDoc_STRVAR(elements_doc, "elements(starts, ends, codes, parents, owners, found, owned): write nodes, node_ends, first, last and\n"
                           "parents of the elements into the rows of found, the elements of blocks into owned; how many elements.");

static PyObject *
elements(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[GIVEN] = {{INTEGERS, 4}, {INTEGERS, 4}, {INTEGERS, 4}, {INTEGERS, 4},
                                      {INTEGERS, 4}, {INTEGERS, 8}, {INTEGERS, 8}};
    Numbers arrays[GIVEN];
    if (!arguments_are("elements", given, GIVEN) || take_all(arrays, args, forms, GIVEN, 2) < 0) {
        return NULL;
    }
    const Py_ssize_t m = arrays[ENDS].length;
    Py_ssize_t k = -1;
    if (m < 1 || m >= INT32_MAX || arrays[CODES].length != m || arrays[PARENTS].length != m ||
        arrays[OWNERS].length != arrays[STARTS].length || arrays[OWNED].length != arrays[OWNERS].length ||
        arrays[FOUND].length != HEIGHT * m) {
        do_not_fit();
    }
    else {
        int32_t *before = PyMem_Calloc(2 * ((size_t)m + 1), sizeof(int32_t));
        if (before == NULL) {
            PyErr_NoMemory();
        }
        else if (count_starts(&arrays[STARTS], before, m) == 0) {
            k = lay_out(arrays, before, before + m + 1, m);
        }
        PyMem_Free(before);
    }
    PyObject *nothing = drop_all(arrays, GIVEN, k < 0 ? -1 : 0);
    Py_XDECREF(nothing);
    return nothing == NULL ? NULL : PyLong_FromSsize_t(k);
}

static PyMethodDef functions[] = {
    {"elements", FAST(elements), METH_FASTCALL, elements_doc},
    {NULL, NULL, 0, NULL},
};

int
add_elements(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
