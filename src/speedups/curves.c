/* Regression trees of curves: the compiled form of CurveForest in declutter/model/strictness.py. */
#include "speedups.h"

enum { LEFT, RIGHT, COLUMN, THRESHOLD, ROOTS, VALUES, SUMMARY, SUMS, GIVEN };

/* The leaf that a walk from a node comes to; -1 where it leaves the arrays or goes round: they come from a file. */
static Py_ssize_t
leaf_of(const Numbers *arrays, Py_ssize_t node)
{
    const Py_ssize_t count = arrays[LEFT].length;
    const int32_t *left = arrays[LEFT].view.buf, *right = arrays[RIGHT].view.buf, *columns = arrays[COLUMN].view.buf;
    const float *thresholds = arrays[THRESHOLD].view.buf, *summary = arrays[SUMMARY].view.buf;
    for (Py_ssize_t step = 0; step <= count && node >= 0 && node < count; step++) {
        const Py_ssize_t column = columns[node];
        if (column < 0 || column >= arrays[SUMMARY].length) {
            return -1;
        }
        const Py_ssize_t onward = summary[column] <= thresholds[node] ? left[node] : right[node];
        if (onward == node) {
            return node;
        }
        node = onward;
    }
    return -1;
}

PyDoc_STRVAR(curve_sums_doc, "curve_sums(left, right, column, threshold, roots, values, summary, sums): see CurveForest.");

static PyObject *
curve_sums(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[GIVEN] = {{INTEGERS, 4}, {INTEGERS, 4}, {INTEGERS, 4}, {FLOATS, 4},
                                      {INTEGERS, 4}, {INTEGERS, 1}, {FLOATS, 4},   {INTEGERS, 8}};
    Numbers arrays[GIVEN];
    if (!arguments_are("curve_sums", given, GIVEN) || take_all(arrays, args, forms, GIVEN, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t count = arrays[LEFT].length, width = arrays[SUMS].length;
    int done = 0;
    if (arrays[RIGHT].length != count || arrays[COLUMN].length != count || arrays[THRESHOLD].length != count ||
        arrays[VALUES].view.ndim != 2 || arrays[VALUES].view.shape[0] != count || arrays[VALUES].view.shape[1] != width) {
        done = do_not_fit();
    }
    int64_t *sums = arrays[SUMS].view.buf;
    for (Py_ssize_t tree = 0; done == 0 && tree < arrays[ROOTS].length; tree++) {
        const Py_ssize_t leaf = leaf_of(arrays, ((const int32_t *)arrays[ROOTS].view.buf)[tree]);
        if (leaf < 0) {
            done = do_not_fit();
            break;
        }
        const uint8_t *values = (const uint8_t *)arrays[VALUES].view.buf + leaf * width;
        for (Py_ssize_t place = 0; place < width; place++) {
            sums[place] += values[place];
        }
    }
    return drop_all(arrays, GIVEN, done);
}

static PyMethodDef functions[] = {
    {"curve_sums", FAST(curve_sums), METH_FASTCALL, curve_sums_doc},
    {NULL, NULL, 0, NULL},
};

int
add_curves(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
