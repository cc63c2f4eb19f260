/* What blocks and boxes tell by their words: the compiled forms of lexicons and prose_around in declutter/features/wording.py,
 * of declutter/features/discourse.py and of declutter/features/boxes.py. */
#include "frame.h"

#include <string.h>

/* -- phrases ------------------------------------------------------------------------------------------------------ */

/* Take the words of each block in phrases (n x labels) and in all. The labels, or -1 with an exception. */
static Py_ssize_t
hits_take(Numbers *arrays, PyObject *const *args, const Frame *frame)
{
    static const Form forms[] = {{FLOATS, 8}, {FLOATS, 8}};
    if (take_all(arrays, args, forms, 2, 0) < 0) {
        return -1;
    }
    const Py_ssize_t labels = arrays[0].view.ndim == 2 ? arrays[0].view.shape[1] : 0;
    if (labels < 1 || labels > 62 || arrays[0].view.shape[0] != frame->n || arrays[1].length != frame->n) {
        drop_all(arrays, 2, do_not_fit());
        return -1;
    }
    return labels;
}

/* lexicons(hits, counts, rows) */
METHOD(lexicons)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers arrays[2], out;
    const Py_ssize_t labels = arguments_are("lexicons", given, 3) ? hits_take(arrays, args, frame) : -1;
    if (labels < 0) {
        return NULL;
    }
    if (rows_take(&out, args[2], frame, 4 * labels + 1) < 0) {
        return drop_all(arrays, 2, -1);
    }
    const double *hits = arrays[0].view.buf, *counts = arrays[1].view.buf;
    const Py_ssize_t width = labels + 1; /* the words of all are the last column */
    double *total = room_for((n + 1) * width, sizeof(double)), *rows = out.view.buf;
    const int done = total == NULL ? -1 : 0;
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        const double *before = total + row * width;
        double *after = total + (row + 1) * width;
        double highest = 0;
        for (Py_ssize_t label = 0; label < labels; label++) {
            const double share = share_of(hits[row * labels + label], counts[row]);
            after[label] = before[label] + hits[row * labels + label];
            rows[label * n + row] = share;
            highest = most(share, highest);
        }
        after[labels] = before[labels] + counts[row];
        rows[4 * labels * n + row] = highest;
    }
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        for (int level = 1; level <= 2; level++) {
            const int32_t element = frame->levels[level][row];
            const double *first = total + frame->first[element] * width, *last = total + frame->last[element] * width;
            for (Py_ssize_t label = 0; label < labels; label++) {
                rows[(level * labels + label) * n + row] = share_of(last[label] - first[label], last[labels] - first[labels]);
            }
        }
        for (Py_ssize_t label = 0; label < labels; label++) {
            rows[(3 * labels + label) * n + row] = frame->heading[row] >= 0 ? rows[label * n + frame->heading[row]] : 0;
        }
    }
    PyMem_Free(total);
    numbers_drop(&out);
    return drop_all(arrays, 2, done);
}

/* -- told --------------------------------------------------------------------------------------------------------- */

enum { MOST_KINDS = 16, UP = 3, BEYOND = 40 };

typedef struct {
    Py_ssize_t kinds, labels, beside; /* the first kinds have columns for the way to the nearest block */
    int64_t column[MOST_KINDS];       /* of the hits */
    Py_ssize_t payment, comments;     /* kinds */
} Kinds;

static void
find_ways(const double *total, Py_ssize_t kinds, Py_ssize_t kind, Py_ssize_t n, double *before, double *after)
{
    Py_ssize_t way = BEYOND;
    for (Py_ssize_t row = 0; row < n; row++) {
        before[row] = log_of((double)(way < BEYOND ? way + 1 : BEYOND));
        way = total[(row + 1) * kinds + kind] > total[row * kinds + kind] ? 0 : way < BEYOND ? way + 1 : BEYOND;
    }
    way = BEYOND;
    for (Py_ssize_t row = n; row-- > 0;) {
        after[row] = log_of((double)(way < BEYOND ? way + 1 : BEYOND));
        way = total[(row + 1) * kinds + kind] > total[row * kinds + kind] ? 0 : way < BEYOND ? way + 1 : BEYOND;
    }
}

static void
fill_told(const Frame *frame, const Kinds *which, const double *hits, const double *counts, const int64_t *first,
          const int64_t *last, const int64_t *beside, double *total, double *rows)
{
    const Py_ssize_t n = frame->n, kinds = which->kinds;
    for (Py_ssize_t row = 0; row < n; row++) {
        for (Py_ssize_t kind = 0; kind < kinds; kind++) {
            const double words = hits[row * which->labels + which->column[kind]];
            const int tells = words >= 6 || share_of(words, counts[row]) >= 1.0 / 3 ||
                              (kind == which->payment && is_amount(frame, row, 6));
            total[(row + 1) * kinds + kind] = total[row * kinds + kind] + tells;
        }
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const double *own = total + row * kinds, *next = own + kinds;
        for (int level = 0; level <= UP; level++) { /* at last the box */
            const int32_t element = frame->levels[level < UP ? level + 1 : 0][row];
            const double *low = total + (level < UP ? frame->first[element] : first[row]) * kinds;
            const double *high = total + (level < UP ? frame->last[element] : last[row]) * kinds;
            for (Py_ssize_t kind = 0; kind < kinds; kind++) {
                const Py_ssize_t column = level < UP ? kind * UP + level : kinds * UP + kind;
                rows[column * n + row] = log_of(high[kind] - low[kind] - (next[kind] - own[kind]));
            }
        }
    }
    double *ways = rows + kinds * (UP + 1) * n;
    for (Py_ssize_t place = 0; place < which->beside; place++) {
        find_ways(total, kinds, beside[place], n, ways + 2 * place * n, ways + (2 * place + 1) * n);
    }
    double *thread = ways + 2 * which->beside * n;
    for (Py_ssize_t row = 0; row < n; row++) {
        thread[row] = log_of(total[row * kinds + which->comments]);
        thread[n + row] = log_of(total[n * kinds + which->comments] - total[(row + 1) * kinds + which->comments]);
    }
}

static int
read_kinds(Kinds *which, const Numbers *columns, const Numbers *beside, Py_ssize_t labels)
{
    which->kinds = columns->length;
    which->beside = beside->length;
    which->labels = labels;
    if (which->kinds > MOST_KINDS || which->payment < 0 || which->payment >= which->kinds || which->comments < 0 ||
        which->comments >= which->kinds) {
        return do_not_fit();
    }
    for (Py_ssize_t kind = 0; kind < which->kinds; kind++) {
        which->column[kind] = ((const int64_t *)columns->view.buf)[kind];
        if (which->column[kind] < 0 || which->column[kind] >= labels) {
            return do_not_fit();
        }
    }
    for (Py_ssize_t place = 0; place < which->beside; place++) {
        const int64_t kind = ((const int64_t *)beside->view.buf)[place];
        if (kind < 0 || kind >= which->kinds) {
            return do_not_fit();
        }
    }
    return 0;
}

/* told(hits, counts, first, last, columns, beside, payment, comments, rows): the labels of the kinds that come in boxes;
 * of these the ones whose way is measured, and the places of two of them. */
METHOD(told)
{
    const Frame *frame = (const Frame *)self;
    Numbers arrays[6], out;
    Kinds which;
    if (!arguments_are("told", given, 9)) {
        return NULL;
    }
    which.payment = PyLong_AsSsize_t(args[6]);
    which.comments = PyLong_AsSsize_t(args[7]);
    const Py_ssize_t labels = PyErr_Occurred() ? -1 : hits_take(arrays, args, frame);
    if (labels < 0) {
        return NULL;
    }
    if (boxes_take(&arrays[2], &arrays[3], args + 2, frame) < 0) {
        return drop_all(arrays, 2, -1);
    }
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}};
    if (take_all(arrays + 4, args + 4, forms, 2, 0) < 0) {
        return drop_all(arrays, 4, -1);
    }
    int done = read_kinds(&which, &arrays[4], &arrays[5], labels);
    if (done == 0 && (done = rows_take(&out, args[8], frame, which.kinds * (UP + 1) + 2 * which.beside + 2)) == 0) {
        double *total = room_for((frame->n + 1) * which.kinds, sizeof(double));
        done = total == NULL ? -1 : 0;
        if (done == 0) {
            fill_told(frame, &which, arrays[0].view.buf, arrays[1].view.buf, arrays[2].view.buf, arrays[3].view.buf,
                      arrays[5].view.buf, total, out.view.buf);
        }
        PyMem_Free(total);
        numbers_drop(&out);
    }
    return drop_all(arrays, 6, done);
}

/* -- where boxes are ---------------------------------------------------------------------------------------------- */

/* Mark the elements that are more than a box: they hold the main headline, or more than half of the prose. */
static void
mark_wholes(const Frame *frame, Py_ssize_t headline, double *prose, uint8_t *whole)
{
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        prose[row + 1] = prose[row] + rint(most(prose_of(frame, row), 0) * 16);
    }
    const double page = most(prose[frame->last[0]] - prose[frame->first[0]], 16);
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        const int32_t first = frame->first[element], last = frame->last[element];
        whole[element] = element == 0 || (prose[last] - prose[first]) * 2 > page || (first <= headline && headline < last);
    }
}

/* boxes(headline, rows): PageView.boxes and box_nodes, four rows of int64. */
METHOD(boxes)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("boxes", given, 2)) {
        return NULL;
    }
    const Py_ssize_t headline = PyLong_AsSsize_t(args[0]);
    if ((headline == -1 && PyErr_Occurred()) || numbers_take(&out, args[1], INTEGERS, 8, 1) < 0) {
        return NULL;
    }
    if (out.length != 4 * n) {
        return drop_all(&out, 1, do_not_fit());
    }
    double *prose = room_for(n, sizeof(double));
    uint8_t *whole = room_for(frame->k, 1);
    int32_t *box = room_for(frame->k, sizeof(int32_t));
    const int done = prose == NULL || whole == NULL || box == NULL ? -1 : 0;
    if (done == 0) {
        mark_wholes(frame, headline, prose, whole);
        for (int32_t element = 1; element < (int32_t)frame->k; element++) {
            const int32_t parent = frame->parents[element];
            box[element] = whole[parent] ? element : box[parent];
        }
        int64_t *rows = out.view.buf;
        for (Py_ssize_t row = 0; row < n; row++) {
            const int32_t owner = frame->owners[row], around = box[owner];
            const int alone = whole[owner];
            rows[row] = alone ? row : frame->first[around];
            rows[n + row] = alone ? row + 1 : frame->last[around];
            rows[2 * n + row] = alone ? frame->run_starts[row] : frame->nodes[around];
            rows[3 * n + row] = alone ? frame->ends[row] : frame->node_ends[around];
        }
    }
    PyMem_Free(prose);
    PyMem_Free(whole);
    PyMem_Free(box);
    return drop_all(&out, 1, done);
}

/* -- boxes -------------------------------------------------------------------------------------------------------- */

typedef struct {
    double size, links, prose;
    int32_t headings, amounts;
} Held;

static int
fill_box(const Frame *frame, const Numbers *boxes, const int32_t *asking, const int32_t *submit, Held *held, double *rows)
{
    const Py_ssize_t n = frame->n;
    for (Py_ssize_t row = 0; row < n; row++) {
        const Held before = held[row];
        held[row + 1] = (Held){before.size + frame->sizes[row], before.links + frame->links[row],
                               before.prose + (prose_of(frame, row) > 0 ? frame->sizes[row] : 0),
                               before.headings + ((kind_of(frame, row) & RANK) > 0),
                               before.amounts + is_amount(frame, row, 6)};
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const int64_t first = ((const int64_t *)boxes[0].view.buf)[row], last = ((const int64_t *)boxes[1].view.buf)[row];
        const int64_t low = ((const int64_t *)boxes[2].view.buf)[row], high = ((const int64_t *)boxes[3].view.buf)[row];
        if (low < 0 || low > frame->m || high < 0 || high > frame->m) {
            return do_not_fit();
        }
        const double size = held[last].size - held[first].size, count = (double)(last - first);
        rows[row] = log_of(count);
        rows[n + row] = log_of(size);
        rows[2 * n + row] = size / frame->total;
        rows[3 * n + row] = (double)(row - first) / most(count - 1, 1);
        rows[4 * n + row] = share_of(held[last].links - held[first].links, size);
        rows[5 * n + row] = share_of(held[last].prose - held[first].prose, size);
        rows[6 * n + row] = log_of(held[last].headings - held[first].headings);
        rows[7 * n + row] = log_of(asking[high] - asking[low]);
        rows[8 * n + row] = log_of(submit[high] - submit[low]);
        rows[9 * n + row] = log_of(held[last].amounts - held[first].amounts);
    }
    return 0;
}

/* box(first, last, low, high, asking, submit, rows): the rows and the nodes of each block's box; nodes of fields. */
METHOD(box)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}};
    const Frame *frame = (const Frame *)self;
    Numbers arrays[6], out;
    if (!arguments_are("box", given, 7) || boxes_take(&arrays[0], &arrays[1], args, frame) < 0) {
        return NULL;
    }
    for (int place = 2; place < 4; place++) {
        if (column_take(&arrays[place], args[place], INTEGERS, 8, frame->n) < 0) {
            return drop_all(arrays, place, -1);
        }
    }
    if (take_all(arrays + 4, args + 4, forms, 2, 0) < 0) {
        return drop_all(arrays, 4, -1);
    }
    int done = rows_take(&out, args[6], frame, 10);
    if (done == 0) {
        int32_t *asking = room_for(2 * (frame->m + 1), sizeof(int32_t));
        Held *held = room_for(frame->n, sizeof(Held));
        done = asking == NULL || held == NULL ? -1 : count_nodes(frame, &arrays[4], asking);
        done = done == 0 ? count_nodes(frame, &arrays[5], asking + frame->m + 1) : done;
        done = done == 0 ? fill_box(frame, arrays, asking, asking + frame->m + 1, held, out.view.buf) : done;
        PyMem_Free(asking);
        PyMem_Free(held);
        numbers_drop(&out);
    }
    return drop_all(arrays, 6, done);
}

/* -- sentences ---------------------------------------------------------------------------------------------------- */

/* prose_around(classed, rows): the group of each block's path, from 0. */
METHOD(prose_around)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers groups, out;
    if (!arguments_are("prose_around", given, 2) || column_take(&groups, args[0], INTEGERS, 8, n) < 0) {
        return NULL;
    }
    if (rows_take(&out, args[1], frame, LEVELS + 1) < 0) {
        return drop_all(&groups, 1, -1);
    }
    const int64_t *group_of = groups.view.buf;
    double *rows = out.view.buf;
    double(*total)[2] = room_for(2 * (n + 1), sizeof(*total)), (*alike)[2] = NULL;
    int done = total == NULL ? -1 : 0;
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        const double stops = frame->counts[row * CLASSES + STOP], words = frame->words[row];
        alike = total + n + 1;
        total[row + 1][0] = total[row][0] + stops;
        total[row + 1][1] = total[row][1] + words;
        if (group_of[row] < 0 || group_of[row] >= n) {
            done = do_not_fit();
            break;
        }
        alike[group_of[row]][0] += stops;
        alike[group_of[row]][1] += words;
    }
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        for (int level = 1; level < LEVELS; level++) {
            const int32_t element = frame->levels[level][row];
            const double *first = total[frame->first[element]], *last = total[frame->last[element]];
            rows[(level - 1) * n + row] = least(share_of(last[0] - first[0], last[1] - first[1]), 1);
        }
        rows[(LEVELS - 1) * n + row] = least(share_of(alike[group_of[row]][0], alike[group_of[row]][1]), 1);
        rows[LEVELS * n + row] = least(total[n][0] / most(total[n][1], 1), 1);
    }
    PyMem_Free(total);
    numbers_drop(&out);
    return drop_all(&groups, 1, done);
}
