/* The compiled forms of declutter/features/discourse.py. */
#include "frame.h"

#include <string.h>

/* One kind of words: four columns, and one of each of two groups behind. through: cumulative hits and words. */
static void
fill_spoken(const Frame *frame, const double *hits, const double *counts, const double *words, const int64_t *first,
            const int64_t *last, double *through, double *rows, double *boxed, double *contrast)
{
    const Py_ssize_t n = frame->n;
    for (Py_ssize_t row = 0; row < n; row++) {
        through[row + 1] = through[row] + hits[row];
    }
    const double all = through[n], whole = most(words[n], 1);
    for (Py_ssize_t row = 0; row < n; row++) {
        rows[row] = share_of(hits[row], counts[row]);
        for (int level = 1; level <= 2; level++) {
            const int32_t element = frame->levels[level][row];
            const int32_t low = frame->first[element], high = frame->last[element];
            rows[level * n + row] = share_of(through[high] - through[low], words[high] - words[low]);
        }
        rows[3 * n + row] = all / whole;
        const double held = through[last[row]] - through[first[row]], inside = words[last[row]] - words[first[row]];
        boxed[row] = share_of(held, inside);
        contrast[row] = boxed[row] - share_of(all - held, whole - inside);
    }
}

/* spoken(hits, counts, first, last, rows): the words of each kind (kinds x n) and of all, the rows of boxes. */
METHOD(spoken)
{
    static const Form forms[] = {{FLOATS, 8}, {FLOATS, 8}};
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers arrays[4], out;
    if (!arguments_are("spoken", given, 5) || take_all(arrays, args, forms, 2, 0) < 0) {
        return NULL;
    }
    if (boxes_take(&arrays[2], &arrays[3], args + 2, frame) < 0) {
        return drop_all(arrays, 2, -1);
    }
    const Py_ssize_t kinds = arrays[0].view.ndim == 2 ? arrays[0].view.shape[0] : 0;
    int done = arrays[0].length != kinds * n || arrays[1].length != n ? do_not_fit() : 0;
    if (done == 0 && (done = rows_take(&out, args[4], frame, 6 * kinds)) == 0) {
        const double *hits = arrays[0].view.buf, *counts = arrays[1].view.buf;
        double *rows = out.view.buf, *words = room_for(2 * (n + 1), sizeof(double));
        done = words == NULL ? -1 : 0;
        for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
            words[row + 1] = words[row] + counts[row];
        }
        for (Py_ssize_t kind = 0; done == 0 && kind < kinds; kind++) {
            fill_spoken(frame, hits + kind * n, counts, words, arrays[2].view.buf, arrays[3].view.buf, words + n + 1,
                        rows + 4 * kind * n, rows + (4 * kinds + kind) * n, rows + (5 * kinds + kind) * n);
        }
        PyMem_Free(words);
        numbers_drop(&out);
    }
    return drop_all(arrays, 4, done);
}

/* -- cohesion ----------------------------------------------------------------------------------------------------- */

typedef struct {
    int32_t seen;  /* the last block that had it, + 1 */
    int32_t prose; /* the prose blocks that have it */
} Word;

/* Whether the numbers are of words, and each block's words follow those of the block before. */
static int
are_tokens(const Frame *frame, const Numbers *numbers, const Numbers *blocks, Py_ssize_t width)
{
    int64_t before = 0;
    for (Py_ssize_t place = 0; place < numbers->length; place++) {
        const int64_t number = ((const int64_t *)numbers->view.buf)[place];
        const int64_t block = ((const int64_t *)blocks->view.buf)[place];
        if (number < 0 || number >= width || block < before || block >= frame->n) {
            return 0;
        }
        before = block;
    }
    return 1;
}

static void
fill_cohesion(const Frame *frame, const int64_t *blocks, const int64_t *numbers, Py_ssize_t count, const uint8_t *wanted,
              Word *words, double *sums, double *rows)
{
    const Py_ssize_t n = frame->n;
    double *shared = sums, *total = sums + n, *depth = sums + 2 * n;
    for (int turn = 0; turn < 2; turn++) { /* first the blocks of each word are counted */
        for (Py_ssize_t place = 0; place < count; place++) {
            const int32_t block = (int32_t)blocks[place];
            Word *word = &words[numbers[place]];
            if (!wanted[numbers[place]] || word->seen == block + 1 + turn * (int32_t)n) {
                continue;
            }
            word->seen = block + 1 + turn * (int32_t)n;
            const int own = is_long(frame, block, 15);
            if (turn == 0) {
                word->prose += own;
            }
            else {
                shared[block] += word->prose - own > 0;
                depth[block] += log_of(word->prose - own);
                total[block]++;
            }
        }
    }
    double *through = sums + 3 * n, *through_all = through + n + 1;
    for (Py_ssize_t row = 0; row < n; row++) {
        through[row + 1] = through[row] + shared[row];
        through_all[row + 1] = through_all[row] + total[row];
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const int32_t near = frame->levels[1][row], first = frame->first[near], last = frame->last[near];
        rows[row] = share_of(shared[row], total[row]);
        rows[n + row] = share_of(depth[row], total[row]);
        rows[2 * n + row] = share_of(through[last] - through[first], through_all[last] - through_all[first]);
        rows[3 * n + row] = log_of(total[row]);
    }
}

/* Which words have so many characters; all of them where no vocabulary is given. */
static int
find_wanted(PyObject *vocabulary, Py_ssize_t width, Py_ssize_t length, uint8_t *wanted)
{
    memset(wanted, 1, (size_t)width);
    for (Py_ssize_t number = 0; vocabulary != Py_None && number < PyList_GET_SIZE(vocabulary); number++) {
        PyObject *word = PyList_GET_ITEM(vocabulary, number);
        if (!is_text(word)) {
            return -1;
        }
        wanted[number] = PyUnicode_GET_LENGTH(word) >= length;
    }
    return 0;
}

/* cohesion(blocks, numbers, width, vocabulary, length, rows): words by number, below width; None for a list of the words
 * where each counts. */
METHOD(cohesion)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}};
    const Frame *frame = (const Frame *)self;
    Numbers arrays[2], out;
    if (!arguments_are("cohesion", given, 6)) {
        return NULL;
    }
    const Py_ssize_t width = PyLong_AsSsize_t(args[2]), length = PyLong_AsSsize_t(args[4]);
    if (PyErr_Occurred() || take_all(arrays, args, forms, 2, 0) < 0) {
        return NULL;
    }
    int done = 0;
    if (width < 0 || arrays[0].length != arrays[1].length || !are_tokens(frame, &arrays[1], &arrays[0], width) ||
        (args[3] != Py_None && (!PyList_Check(args[3]) || PyList_GET_SIZE(args[3]) > width))) {
        done = do_not_fit();
    }
    if (done == 0 && (done = rows_take(&out, args[5], frame, 4)) == 0) {
        Word *words = room_for(width, sizeof(Word));
        uint8_t *wanted = room_for(width, 1);
        double *sums = room_for(5 * frame->n + 2, sizeof(double));
        done = words == NULL || wanted == NULL || sums == NULL ? -1 : find_wanted(args[3], width, length, wanted);
        if (done == 0) {
            fill_cohesion(frame, arrays[0].view.buf, arrays[1].view.buf, arrays[1].length, wanted, words, sums,
                          out.view.buf);
        }
        PyMem_Free(words);
        PyMem_Free(wanted);
        PyMem_Free(sums);
        numbers_drop(&out);
    }
    return drop_all(arrays, 2, done);
}
