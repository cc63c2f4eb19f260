/* Short functions on arrays that a page calls by the dozen, where numpy takes longer to begin than to work: the compiled
 * forms of functions in declutter/features/view.py. Sums run from the first to the last,
 * as cumsum has it. */
#include "speedups.h"

PyDoc_STRVAR(range_sums_doc, "range_sums(values, first, last, sums): cumsum to last[i], less cumsum to first[i].");

static PyObject *
range_sums(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{FLOATS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8}};
    Numbers arrays[4];
    if (!arguments_are("range_sums", given, 4) || take_all(arrays, args, forms, 4, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t n = arrays[0].length, k = arrays[3].length;
    const double *values = arrays[0].view.buf;
    const int64_t *first = arrays[1].view.buf, *last = arrays[2].view.buf;
    double *sums = arrays[3].view.buf;
    double *total = PyMem_Malloc((size_t)(n + 1) * sizeof(double));
    int done = 0;
    if (total == NULL) {
        PyErr_NoMemory();
        done = -1;
    }
    else if (arrays[1].length != k || arrays[2].length != k) {
        done = do_not_fit();
    }
    else {
        total[0] = 0;
        for (Py_ssize_t i = 0; i < n; i++) {
            total[i + 1] = total[i] + values[i];
        }
        for (Py_ssize_t i = 0; done == 0 && i < k; i++) {
            if (first[i] < 0 || first[i] > n || last[i] < 0 || last[i] > n) {
                done = do_not_fit();
            }
            else {
                sums[i] = total[last[i]] - total[first[i]];
            }
        }
    }
    PyMem_Free(total);
    return drop_all(arrays, 4, done);
}

PyDoc_STRVAR(counted_doc, "counted(nodes, total): how many of the nodes come before each node, and at last all of them.");

static PyObject *
counted(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}};
    Numbers arrays[2];
    if (!arguments_are("counted", given, 2) || take_all(arrays, args, forms, 2, 1) < 0) {
        return NULL;
    }
    const int64_t *nodes = arrays[0].view.buf;
    int64_t *total = arrays[1].view.buf;
    const Py_ssize_t m = arrays[1].length - 1;
    int done = m < 0 ? do_not_fit() : 0;
    for (Py_ssize_t i = 0; i <= m; i++) {
        total[i] = 0;
    }
    for (Py_ssize_t i = 0; done == 0 && i < arrays[0].length; i++) {
        if (nodes[i] < 0 || nodes[i] >= m) {
            done = do_not_fit();
        }
        else {
            total[nodes[i] + 1]++;
        }
    }
    for (Py_ssize_t i = 0; i < m; i++) {
        total[i + 1] += total[i];
    }
    return drop_all(arrays, 2, done);
}

PyDoc_STRVAR(ratio_doc, "ratio(part, whole, shares): part / whole, 0 where whole is not above 0.");

static PyObject *
ratio(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{FLOATS, 8}, {FLOATS, 8}, {FLOATS, 8}};
    Numbers arrays[3];
    if (!arguments_are("ratio", given, 3) || take_all(arrays, args, forms, 3, 1) < 0) {
        return NULL;
    }
    const double *part = arrays[0].view.buf, *whole = arrays[1].view.buf;
    double *shares = arrays[2].view.buf;
    const Py_ssize_t n = arrays[2].length;
    const int done = arrays[0].length != n || arrays[1].length != n ? do_not_fit() : 0;
    for (Py_ssize_t i = 0; done == 0 && i < n; i++) {
        shares[i] = whole[i] > 0 ? part[i] / whole[i] : 0;
    }
    return drop_all(arrays, 3, done);
}

PyDoc_STRVAR(bits_doc, "bits(marks, places, rows): a row for each of these bits of the marks, 0 and 1.");

static PyObject *
bits(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8}};
    Numbers arrays[3];
    if (!arguments_are("bits", given, 3) || take_all(arrays, args, forms, 3, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t n = arrays[0].length, count = arrays[1].length;
    const int64_t *marks = arrays[0].view.buf, *places = arrays[1].view.buf;
    int done = arrays[2].view.ndim != 2 || arrays[2].view.shape[0] != count || arrays[2].view.shape[1] != n ? do_not_fit() : 0;
    for (Py_ssize_t i = 0; done == 0 && i < count; i++) {
        double *row = (double *)arrays[2].view.buf + i * n;
        if (places[i] < 0 || places[i] > 62) {
            done = do_not_fit();
            break;
        }
        for (Py_ssize_t place = 0; place < n; place++) {
            row[place] = (double)(int32_t)((uint64_t)marks[place] >> places[i] & 1);
        }
    }
    return drop_all(arrays, 3, done);
}

static PyMethodDef functions[] = {
    {"bits", FAST(bits), METH_FASTCALL, bits_doc},
    {"range_sums", FAST(range_sums), METH_FASTCALL, range_sums_doc},
    {"counted", FAST(counted), METH_FASTCALL, counted_doc},
    {"ratio", FAST(ratio), METH_FASTCALL, ratio_doc},
    {NULL, NULL, 0, NULL},
};

int
add_sums(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
