/* What F to expect of a page: the compiled forms of page_summary and CurveForest in declutter/model/strictness.py. */
#include "speedups.h"

#include <math.h>
#include <string.h>

/* -- the summary of a page ---------------------------------------------------------------------------------------- */

enum { TABLE, OF_PAGE, OF_BLOCK, QUANTILES, BANDS, WEIGHTS, SCORES, SUMMED, SUMMARISED };

/* What a summary is made of. */
typedef struct {
    const float *table;
    const int64_t *of_page, *of_block;
    const double *quantiles, *bands, *weights, *scores; /* scores in steps, so that all sums of them are exact */
    Py_ssize_t count, page_columns, block_columns, quantiles_length, ranges;
} Page;

static int
take_page(Page *page, const Numbers *arrays)
{
    *page = (Page){arrays[TABLE].view.buf,     arrays[OF_PAGE].view.buf,  arrays[OF_BLOCK].view.buf,
                   arrays[QUANTILES].view.buf, arrays[BANDS].view.buf,    arrays[WEIGHTS].view.buf,
                   arrays[SCORES].view.buf,    arrays[SCORES].length,     arrays[OF_PAGE].length,
                   arrays[OF_BLOCK].length,    arrays[QUANTILES].length,  arrays[BANDS].length - 1};
    int fits = arrays[TABLE].view.ndim == 2 && arrays[TABLE].view.shape[1] == page->count && page->count > 0 &&
               arrays[WEIGHTS].length == page->count && page->ranges >= 0 && page->quantiles_length > 0 &&
               arrays[SUMMED].length ==
                   2 * page->quantiles_length + 5 + page->page_columns + page->ranges * (2 + page->block_columns);
    for (int which = OF_PAGE; fits && which <= OF_BLOCK; which++) {
        const int64_t *columns = arrays[which].view.buf;
        for (Py_ssize_t i = 0; i < arrays[which].length; i++) {
            fits &= columns[i] >= 0 && columns[i] < arrays[TABLE].view.shape[0];
        }
    }
    return fits ? 0 : do_not_fit();
}

static const double STEPS = 1e4;

static inline double
at_least(double value, double least)
{
    return value < least ? least : value; /* NaN stays */
}

/* Share and expected F of what scores so much and more; where that F is highest; the page as a whole. */
static double *
put_scores(const Page *page, double *put)
{
    double total = 0, expected = 0, highest = page->scores[0], sum = 0, most = -1;
    Py_ssize_t best = 0;
    for (Py_ssize_t row = 0; row < page->count; row++) {
        total += page->weights[row];
        expected += page->weights[row] * page->scores[row];
        sum += page->scores[row];
        highest = page->scores[row] > highest ? page->scores[row] : highest;
    }
    expected /= STEPS;
    for (Py_ssize_t i = 0; i < page->quantiles_length; i++) {
        double kept = 0, good = 0;
        for (Py_ssize_t row = 0; row < page->count; row++) {
            if (page->scores[row] >= page->quantiles[i]) {
                kept += page->weights[row];
                good += page->weights[row] * page->scores[row];
            }
        }
        const double f = 2 * (good / STEPS) / at_least(kept + expected, 1e-9);
        const double near = rint(f * 1e6) / 1e6;
        put[i] = kept / total;
        put[page->quantiles_length + i] = f;
        if (near > most) {
            most = near;
            best = i;
        }
    }
    put += 2 * page->quantiles_length;
    *put++ = (double)best;
    *put++ = highest / STEPS;
    *put++ = sum / (double)page->count / STEPS;
    *put++ = expected / total;
    *put++ = log1p(expected);
    return put;
}

/* How many blocks score from one of the bands to the next, and what they are like. */
static double *
put_range(const Page *page, double low, double high, double *put)
{
    double blocks = 0, words = 0;
    double *means = put + 2;
    memset(means, 0, (size_t)page->block_columns * sizeof(double));
    for (Py_ssize_t row = 0; row < page->count; row++) {
        if (page->scores[row] >= low && page->scores[row] < high) {
            blocks++;
            words += page->weights[row];
            for (Py_ssize_t i = 0; i < page->block_columns; i++) {
                means[i] += page->weights[row] * (double)page->table[page->of_block[i] * page->count + row];
            }
        }
    }
    for (Py_ssize_t i = 0; i < page->block_columns; i++) {
        means[i] /= at_least(words, 1e-9);
    }
    put[0] = log1p(blocks);
    put[1] = log1p(words / at_least(blocks, 1));
    return means + page->block_columns;
}

PyDoc_STRVAR(page_summary_doc, "page_summary(table, page_columns, block_columns, quantiles, bands, weights, scores, summary): see\n"
                               "model/strictness.py; scores, quantiles and bands in steps, each column of features is a row here.");

static PyObject *
page_summary(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[SUMMARISED] = {{FLOATS, 4}, {INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8},
                                           {FLOATS, 8}, {FLOATS, 8},   {FLOATS, 8},   {FLOATS, 8}};
    Numbers arrays[SUMMARISED];
    Page page;
    if (!arguments_are("page_summary", given, SUMMARISED) || take_all(arrays, args, forms, SUMMARISED, 1) < 0) {
        return NULL;
    }
    int done = take_page(&page, arrays);
    double *found = done < 0 ? NULL : PyMem_Malloc((size_t)arrays[SUMMED].length * sizeof(double));
    if (done == 0 && found == NULL) {
        PyErr_NoMemory();
        done = -1;
    }
    if (done == 0) {
        double *put = put_scores(&page, found);
        for (Py_ssize_t i = 0; i < page.page_columns; i++) {
            *put++ = (double)page.table[page.of_page[i] * page.count];
        }
        for (Py_ssize_t i = 0; i < page.ranges; i++) {
            put = put_range(&page, page.bands[i], page.bands[i + 1], put);
        }
        memcpy(arrays[SUMMED].view.buf, found, (size_t)arrays[SUMMED].length * sizeof(double));
    }
    PyMem_Free(found);
    return drop_all(arrays, SUMMARISED, done);
}

/* -- trees of curves ---------------------------------------------------------------------------------------------- */

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
    {"page_summary", FAST(page_summary), METH_FASTCALL, page_summary_doc},
    {"curve_sums", FAST(curve_sums), METH_FASTCALL, curve_sums_doc},
    {NULL, NULL, 0, NULL},
};

int
add_curves(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
