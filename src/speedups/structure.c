/* The compiled forms of declutter/features/structure.py and of what links.py asks of runs. */
#include "frame.h"

#include <string.h>

/* own_tag(codes, origins, hidden, rows): whether a block's element has each of some tags; then its rank as a heading. */
METHOD(own_tag)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers codes, origins, hidden, out;
    if (!arguments_are("own_tag", given, 4) || numbers_take(&codes, args[0], INTEGERS, 4, 0) < 0) {
        return NULL;
    }
    if (column_take(&origins, args[1], INTEGERS, 1, n) < 0) {
        return drop_all(&codes, 1, -1);
    }
    if (column_take(&hidden, args[2], INTEGERS, 1, n) < 0) {
        numbers_drop(&origins);
        return drop_all(&codes, 1, -1);
    }
    int done = rows_take(&out, args[3], frame, codes.length + 5);
    if (done == 0) {
        double *rows = out.view.buf;
        for (Py_ssize_t row = 0; row < n; row++) {
            const int32_t code = frame->codes[frame->nodes[frame->owners[row]]];
            const uint8_t rank = kind_of(frame, row) & RANK, origin = ((const uint8_t *)origins.view.buf)[row];
            for (Py_ssize_t tag = 0; tag < codes.length; tag++) {
                rows[tag * n + row] = ((const int32_t *)codes.view.buf)[tag] == code;
            }
            double *others = rows + codes.length * n + row;
            others[0] = rank > 0;
            others[n] = rank;
            others[2 * n] = origin == 1;
            others[3 * n] = origin == 2;
            others[4 * n] = ((const uint8_t *)hidden.view.buf)[row] != 0;
        }
        numbers_drop(&out);
    }
    numbers_drop(&hidden);
    numbers_drop(&origins);
    return drop_all(&codes, 1, done);
}

/* runs(groups, rows): log1p of the nodes of each group, from 1, in the blocks' runs. groups: uint8, by code. */
METHOD(runs)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers groups, out;
    if (!arguments_are("runs", given, 2) || numbers_take(&groups, args[0], INTEGERS, 1, 0) < 0) {
        return NULL;
    }
    int done = numbers_take(&out, args[1], FLOATS, 8, 1);
    if (done == 0) {
        const Py_ssize_t count = out.view.ndim == 2 ? out.view.shape[0] : 0;
        const Py_ssize_t stride = count + 1;
        int32_t *totals = NULL;
        if (count < 1 || out.view.shape[1] != n) {
            done = do_not_fit();
        }
        else if ((totals = room_for((frame->m + 1) * stride, sizeof(int32_t))) == NULL) {
            done = -1;
        }
        for (Py_ssize_t node = 0; done == 0 && node < frame->m; node++) {
            const int32_t code = frame->codes[node];
            const uint8_t group = code >= 0 && code < groups.length ? ((const uint8_t *)groups.view.buf)[code] : 0;
            int32_t *next = totals + (node + 1) * stride;
            memcpy(next, totals + node * stride, (size_t)stride * sizeof(int32_t));
            next[group <= count ? group : 0]++;
        }
        for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
            const int32_t *low = totals + frame->run_starts[row] * stride, *high = totals + frame->ends[row] * stride;
            for (Py_ssize_t group = 1; group <= count; group++) {
                ((double *)out.view.buf)[(group - 1) * n + row] = log_of(high[group] - low[group]);
            }
        }
        PyMem_Free(totals);
        numbers_drop(&out);
    }
    return drop_all(&groups, 1, done);
}

/* -- containers --------------------------------------------------------------------------------------------------- */

typedef struct {
    double *sizes, *longs;           /* cumulative, n + 1 */
    int32_t *headings, *images, *known; /* cumulative, m + 1 */
} Sums;

static int
sum_up(const Frame *frame, Sums *sums)
{
    sums->sizes = room_for(2 * (frame->n + 1), sizeof(double));
    sums->headings = room_for(3 * (frame->m + 1), sizeof(int32_t));
    if (sums->sizes == NULL || sums->headings == NULL) {
        return -1;
    }
    sums->longs = sums->sizes + frame->n + 1;
    sums->images = sums->headings + frame->m + 1;
    sums->known = sums->images + frame->m + 1;
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        sums->sizes[row + 1] = sums->sizes[row] + frame->sizes[row];
        sums->longs[row + 1] = sums->longs[row] + (is_long(frame, row, 25) ? frame->sizes[row] : 0);
    }
    for (Py_ssize_t node = 0; node < frame->m; node++) {
        sums->headings[node + 1] = sums->headings[node] + ((frame->kinds[node] & RANK) > 0);
        sums->images[node + 1] = sums->images[node] + ((frame->kinds[node] & IMAGE) > 0);
        sums->known[node + 1] = sums->known[node] + (frame->codes[node] > 0);
    }
    return 0;
}

/* What one container of a block holds: column `place` of each quantity, four columns a quantity. */
static void
describe(const Frame *frame, const Sums *sums, int32_t element, double *rows)
{
    const Py_ssize_t step = (LEVELS - 1) * frame->n;
    const int32_t first = frame->first[element], last = frame->last[element];
    const int32_t start = frame->nodes[element], end = frame->node_ends[element];
    const double size = sums->sizes[last] - sums->sizes[first], blocks = last - first;
    rows[0] = log_of(blocks);
    rows[step] = log_of(size);
    rows[2 * step] = log_of(share_of(size, blocks));
    rows[3 * step] = share_of(sums->longs[last] - sums->longs[first], size);
    rows[4 * step] = least(share_of(sums->headings[end] - sums->headings[start], blocks), 1);
    rows[5 * step] = least(share_of(sums->images[end] - sums->images[start], blocks), 1);
    rows[6 * step] = size / frame->total;
    rows[7 * step] = log_of(share_of(size, sums->known[end] - sums->known[start]));
}

/* `containers` of structure.py. */
METHOD(holdings)
{
    const Frame *frame = (const Frame *)self;
    Sums sums = {NULL, NULL, NULL, NULL, NULL};
    Numbers out;
    if (!arguments_are("holdings", given, 1) || rows_take(&out, args[0], frame, 8 * (LEVELS - 1)) < 0) {
        return NULL;
    }
    const int done = sum_up(frame, &sums);
    for (Py_ssize_t row = 0; done == 0 && row < frame->n; row++) {
        for (int level = 1; level < LEVELS; level++) {
            double *rows = (double *)out.view.buf + (level - 1) * frame->n + row;
            if (row > 0 && frame->levels[level][row] == frame->levels[level][row - 1]) { /* as the block before */
                for (Py_ssize_t quantity = 0; quantity < 8; quantity++) {
                    const Py_ssize_t step = quantity * (LEVELS - 1) * frame->n;
                    rows[step] = rows[step - 1];
                }
            }
            else {
                describe(frame, &sums, frame->levels[level][row], rows);
            }
        }
    }
    PyMem_Free(sums.sizes);
    PyMem_Free(sums.headings);
    return drop_all(&out, 1, done);
}

/* -- alike -------------------------------------------------------------------------------------------------------- */

typedef struct {
    double count, size;
    Py_ssize_t low, high;
} Alike;

static int
add_alike(const Frame *frame, const Numbers *keys, Alike *groups, double *rows, int spread)
{
    const Py_ssize_t n = frame->n;
    const int64_t *of_row = keys->view.buf;
    memset(groups, 0, (size_t)n * sizeof(Alike));
    for (Py_ssize_t row = 0; row < n; row++) {
        if (of_row[row] < 0 || of_row[row] >= n) {
            return do_not_fit();
        }
        Alike *group = &groups[of_row[row]];
        group->low = group->count > 0 ? group->low : row;
        group->high = row;
        group->count++;
        group->size += frame->sizes[row];
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const Alike *group = &groups[of_row[row]];
        rows[row] = log_of(group->count);
        rows[n + row] = log_of(share_of(group->size, group->count));
        rows[2 * n + row] = group->size / frame->total;
        if (spread) {
            rows[3 * n + row] = (double)(group->high - group->low) / (double)n;
        }
    }
    return 0;
}

/* alike_blocks(plain, classed, rows) */
METHOD(alike_blocks)
{
    const Frame *frame = (const Frame *)self;
    Numbers plain, classed, out;
    if (!arguments_are("alike_blocks", given, 3) || column_take(&plain, args[0], INTEGERS, 8, frame->n) < 0) {
        return NULL;
    }
    if (column_take(&classed, args[1], INTEGERS, 8, frame->n) < 0) {
        return drop_all(&plain, 1, -1);
    }
    int done = rows_take(&out, args[2], frame, 7);
    if (done == 0) {
        Alike *groups = room_for(frame->n, sizeof(Alike));
        double *rows = out.view.buf;
        done = groups == NULL ? -1 : add_alike(frame, &classed, groups, rows, 1);
        done = done == 0 ? add_alike(frame, &plain, groups, rows + 4 * frame->n, 0) : done;
        PyMem_Free(groups);
        numbers_drop(&out);
    }
    numbers_drop(&classed);
    return drop_all(&plain, 1, done);
}

/* -- repeated units ----------------------------------------------------------------------------------------------- */

typedef struct {
    double count, size, dated, telling;
} Siblings;

typedef struct {
    double size, links, longs, dated;
} Through;

static void
gather(const Frame *frame, const double *dated, Through *through)
{
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        const Through before = through[row];
        through[row + 1] = (Through){before.size + frame->sizes[row], before.links + frame->links[row],
                                     before.longs + (is_long(frame, row, 25) ? frame->sizes[row] : 0),
                                     before.dated + dated[row]};
    }
}

static int
gather_siblings(const Frame *frame, const int64_t *group_of, const Through *through, Siblings *groups)
{
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        const int32_t first = frame->first[element], last = frame->last[element];
        if (group_of[element] < 0 || group_of[element] >= frame->k) {
            return do_not_fit();
        }
        if (last > first) {
            Siblings *group = &groups[group_of[element]];
            if (element > 0) { /* the document has no siblings */
                group->count++;
                group->size += through[last].size - through[first].size;
            }
            group->dated += through[last].dated - through[first].dated;
            group->telling += through[last].longs - through[first].longs > 0;
        }
    }
    return 0;
}

static void
describe_units(const Frame *frame, const int64_t *group_of, const Through *through, const Siblings *groups, double *rows)
{
    const Py_ssize_t n = frame->n;
    double largest = 0;
    for (Py_ssize_t group = 0; group < frame->k; group++) {
        largest = groups[group].count >= 3 ? most(groups[group].size, largest) : largest;
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        int32_t unit = frame->owners[row], element = unit;
        double best = 0, level = 0;
        for (int up = 0; up < 6; up++) {
            const double here = groups[group_of[element]].count;
            if (here > best) {
                best = here;
                unit = element;
                level = up;
            }
            element = frame->parents[element];
        }
        const Through *first = &through[frame->first[unit]], *last = &through[frame->last[unit]];
        const Siblings *group = &groups[group_of[unit]];
        const double size = last->size - first->size, total = group->size;
        rows[row] = log_of(best);
        rows[n + row] = level;
        rows[2 * n + row] = log_of(size);
        rows[3 * n + row] = log_of(frame->last[unit] - frame->first[unit]);
        rows[4 * n + row] = share_of(last->links - first->links, size);
        rows[5 * n + row] = share_of(last->longs - first->longs, size);
        rows[6 * n + row] = total / frame->total;
        rows[7 * n + row] = least(share_of(group->dated, group->count), 2);
        rows[8 * n + row] = share_of(group->telling, group->count);
        rows[9 * n + row] = best >= 3 ? least(total / most(largest, 1), 1) : 0;
        rows[10 * n + row] = log_of(share_of(size * best, total));
        rows[11 * n + row] = least(largest / frame->total, 1);
    }
}

/* repeated_units(siblings, dated, rows): the group of each element, from 0; 1 for each block that is dated. */
METHOD(repeated_units)
{
    const Frame *frame = (const Frame *)self;
    Numbers groups, dated, out;
    if (!arguments_are("repeated_units", given, 3) || column_take(&groups, args[0], INTEGERS, 8, frame->k) < 0) {
        return NULL;
    }
    if (column_take(&dated, args[1], FLOATS, 8, frame->n) < 0) {
        return drop_all(&groups, 1, -1);
    }
    int done = rows_take(&out, args[2], frame, 12);
    if (done == 0) {
        Through *through = room_for(frame->n, sizeof(Through));
        Siblings *siblings = room_for(frame->k, sizeof(Siblings));
        done = through == NULL || siblings == NULL ? -1 : 0;
        if (done == 0) {
            gather(frame, dated.view.buf, through);
            done = gather_siblings(frame, groups.view.buf, through, siblings);
        }
        if (done == 0) {
            describe_units(frame, groups.view.buf, through, siblings, out.view.buf);
        }
        PyMem_Free(through);
        PyMem_Free(siblings);
        numbers_drop(&out);
    }
    numbers_drop(&dated);
    return drop_all(&groups, 1, done);
}

/* -- company ------------------------------------------------------------------------------------------------------ */

METHOD(company)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("company", given, 1) || rows_take(&out, args[0], frame, 4) < 0) {
        return NULL;
    }
    int32_t *prose = room_for(2 * frame->k, sizeof(int32_t));
    if (prose == NULL) {
        return drop_all(&out, 1, -1);
    }
    int32_t *headings = prose + frame->k;
    double *rows = out.view.buf;
    for (Py_ssize_t row = 0; row < n; row++) {
        const int32_t parent = frame->parents[frame->owners[row]];
        const uint8_t kind = kind_of(frame, row);
        prose[parent] += (kind & PARAGRAPH) > 0 && frame->words[row] >= 10;
        headings[parent] += (kind & RANK) > 0;
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const int32_t heading = frame->heading[row], near = frame->levels[1][row];
        const int32_t parent = frame->parents[frame->owners[row]];
        rows[row] = heading >= 0 && heading >= frame->first[near] && heading < frame->last[near];
        rows[n + row] = heading >= 0 ? log_of(frame->sizes[heading]) : 0;
        rows[2 * n + row] = log_of(prose[parent]);
        rows[3 * n + row] = log_of(headings[parent]);
    }
    PyMem_Free(prose);
    return drop_all(&out, 1, 0);
}
