/* The walk that cuts a page into blocks: the compiled form of _Segmenter.walk in declutter/blocks.py, test by test in
 * the same order. What a test is for is said there. */
#include "segment.h"

static Py_ssize_t
larger(Py_ssize_t one, Py_ssize_t other)
{
    return one > other ? one : other;
}

/* Whether an image is in the subtree of a node; `next`, -1 at first, is the first image at or after the node that was
 * asked for last, so that each is looked for once, however deep links are nested. */
static int
holds_image(const Document *page, Py_ssize_t node, Py_ssize_t *next)
{
    if (*next < node) {
        *next = node;
        while (*next < page->count && (page->kinds[*next] & NUMBER) != IMG) {
            ++*next;
        }
    }
    return *next < end_of(page, node);
}

static int
label_of(const Document *page, Py_ssize_t node, PyObject **label)
{
    *label = NULL;
    if (page->said[node] & LABELLED) {
        PyObject *key = PyLong_FromSsize_t(node);
        if (key == NULL) {
            return -1;
        }
        *label = PyDict_GetItemWithError(page->labels, key);
        Py_DECREF(key);
        if (*label == NULL ? PyErr_Occurred() != NULL : !is_text(*label)) {
            return -1;
        }
    }
    return 0;
}

int
walk_page(Document *page, Run *run, Rows *open)
{
    const Py_ssize_t count = page->count;
    Py_ssize_t block_end = count, hidden_until = 0, details_until = 0, summary_until = 0, pre_until = 0;
    Py_ssize_t link_until = 0, last_link = 0, parted_at = 0, next_image = -1;
    int prose_known = 0;
    for (Py_ssize_t node = 0; node < count;) {
        while (node >= block_end) {
            if ((run->has_text || run->icon_count > 0) && run_flush(run) < 0) {
                return -1;
            }
            open->length -= 2; /* pairs of end and element, innermost last */
            block_end = open->length > 0 ? open->data[open->length - 2] : count + 1;
            run->owner = open->length > 0 ? open->data[open->length - 1] : 0;
        }
        const int32_t kind = page->kinds[node];
        const int32_t number = kind & NUMBER;
        if (number == TEXT) {
            PyObject *text = PyList_GET_ITEM(page->texts, node);
            if ((page->said[node] & INKED) && (PyUnicode_IS_ASCII(text) || is_visible(text))) {
                const Py_ssize_t in_link = node < link_until ? link_until : 0;
                if (run->has_text && !run->pre && in_link != last_link && in_link && last_link && run->has_piece &&
                    run_space(run) < 0) {
                    return -1;
                }
                last_link = in_link;
                if (parted_at && node >= parted_at) {
                    if (run->has_text && !run->pre && run_space(run) < 0) {
                        return -1;
                    }
                    parted_at = 0;
                }
                if (run->broken) {
                    if (run_break(run) < 0) {
                        return -1;
                    }
                    run->broken = 0;
                }
                if (run_piece(run, text) < 0 || rows_add(&run->nodes, (int32_t)node) < 0) {
                    return -1;
                }
                run->has_text = 1;
                run->pre |= node < pre_until;
                if (node < hidden_until || (summary_until <= node && node < details_until)) {
                    run->hidden = 1;
                }
                else {
                    run->seen = 1;
                }
            }
            else {
                last_link = 0;
                if (run->has_text && run_piece(run, text) < 0) {
                    return -1;
                }
            }
            node++;
            continue;
        }
        const Py_ssize_t end = end_of(page, node);
        if (kind & SKIPPED) {
            node = end;
            continue;
        }
        if (page->said[node] & HIDING) {
            hidden_until = larger(hidden_until, end);
        }
        PyObject *label;
        if (label_of(page, node, &label) < 0) {
            return -1;
        }
        if (number == BR) {
            if (run->broken) {
                if (run_flush(run) < 0) {
                    return -1;
                }
                run->broken = 0;
            }
            else if (run->has_text) {
                run->broken = 1;
            }
            node++;
            continue;
        }
        const int hidden = node < hidden_until;
        const int has_ink = page->before[end] > page->before[node];
        if ((kind & INLINE) && !(page->said[node] & STYLED)) {
            int done = 0;
            if (number == A) {
                link_until = end;
                if (label != NULL && !has_ink && !holds_image(page, node, &next_image)) {
                    done = run_icon(run, (int32_t)node, label, ORIGIN_CONTROL, hidden);
                }
            }
            else if (number == IMG) {
                PyObject *alternative;
                done = attribute(page, node, "alt", NULL, &alternative);
                if (done == 0) {
                    done = run_icon(run, (int32_t)node, alternative, ORIGIN_ALT, hidden);
                }
            }
            else if (number == SVG) {
                node = has_ink ? node + 1 : end;
                continue;
            }
            else if (number == INPUT) {
                if (run->has_text && run_space(run) < 0) {
                    return -1;
                }
                done = add_input(run, (int32_t)node, label, hidden);
            }
            if (done < 0) {
                return -1;
            }
            node++;
            continue;
        }
        PyObject *is_open;
        switch (number) {
        case SELECT:
        case DATALIST:
            if (add_select(run, (int32_t)node, label, hidden || number == DATALIST) < 0) {
                return -1;
            }
            node = end;
            continue;
        case BUTTON:
            if (run->has_text && (page->kinds[run->owner] & PROSE)) {
                if (run_space(run) < 0) {
                    return -1;
                }
                parted_at = end;
                node++;
                continue;
            }
            break;
        case NOSCRIPT:
            if (!has_ink) {
                node++;
                continue;
            }
            hidden_until = larger(hidden_until, end);
            break;
        case TEMPLATE:
            hidden_until = larger(hidden_until, end);
            break;
        case DIALOG:
        case DETAILS:
            if (attribute(page, node, "open", page->tags, &is_open) < 0) {
                return -1;
            }
            if (is_open != NULL) {
                break;
            }
            if (number == DIALOG || node < details_until) {
                hidden_until = larger(hidden_until, end);
            }
            else {
                details_until = end;
                summary_until = node;
            }
            break;
        case SUMMARY:
            if (node < details_until && (page->kinds[parent_of(page, node)] & NUMBER) == DETAILS) {
                summary_until = end;
            }
            break;
        case PRE:
        case TEXTAREA:
        case LISTING:
            pre_until = larger(pre_until, end);
            break;
        default: {
            PyObject *tag = PyList_GET_ITEM(page->tags, node);
            const Py_ssize_t dash = PyUnicode_FindChar(tag, '-', 0, PyUnicode_GET_LENGTH(tag), 1);
            if (dash < -1) {
                return -1;
            }
            if (dash >= 0 && node > 0) {
                if (!prose_known) {
                    mark_prose(page);
                    prose_known = 1;
                }
                if (page->said[parent_of(page, node)] & IN_PROSE) {
                    node++;
                    continue;
                }
            }
        }
        }
        if ((run->has_text || run->icon_count > 0) && run_flush(run) < 0) {
            return -1;
        }
        last_link = 0;
        if (rows_add(open, (int32_t)end) < 0 || rows_add(open, (int32_t)node) < 0) {
            return -1;
        }
        block_end = end;
        run->owner = (int32_t)node;
        if (number == BUTTON && label != NULL && !is_blank(label) && !has_ink &&
            run_icon(run, (int32_t)node, label, ORIGIN_CONTROL, node < hidden_until) < 0) {
            return -1;
        }
        node++;
    }
    return run_flush(run);
}
