/* What the words of blocks share with titles and declared texts: the compiled forms of title_scores and gram_shares in
 * declutter/features/overlap.py. `numbers` and `counts` are those of Tokens. */
#include "wordtable.h"

/* Whether the counts of the blocks make up the words, and all of them are numbers below `known`. */
static int
are_words(const Numbers *numbers, const Numbers *counts, Py_ssize_t known)
{
    Py_ssize_t words = 0;
    for (Py_ssize_t block = 0; block < counts->length; block++) {
        const int64_t count = ((const int64_t *)counts->view.buf)[block];
        if (count < 0 || count > numbers->length - words) {
            return 0;
        }
        words += count;
    }
    for (Py_ssize_t place = 0; place < words; place++) {
        const int64_t number = ((const int64_t *)numbers->view.buf)[place];
        if (number < 0 || number >= known) {
            return 0;
        }
    }
    return words == numbers->length;
}

/* -- titles ------------------------------------------------------------------------------------------------------ */

enum { MOST_TITLES = 62 };

static void
score_block(const int64_t *words, Py_ssize_t count, int32_t block, const Numbers *titles, const Numbers *sizes,
            int32_t *seen, double *overlap, double *best)
{
    const int64_t *bits_of = titles->view.buf;
    Py_ssize_t shared[MOST_TITLES] = {0};
    Py_ssize_t own = 0, most = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        const int64_t number = words[place];
        if (seen[number] == block) {
            continue;
        }
        seen[number] = block;
        own++;
        for (Py_ssize_t title = 0; bits_of[number] >> title != 0 && title < sizes->length; title++) {
            shared[title] += bits_of[number] >> title & 1;
        }
    }
    for (Py_ssize_t title = 0; title < sizes->length; title++) {
        const Py_ssize_t size = (Py_ssize_t)((const int64_t *)sizes->view.buf)[title];
        most = shared[title] > most ? shared[title] : most;
        if (shared[title] > 0) {
            const double match = (double)(2 * shared[title]) / (double)(own + size);
            *best = match > *best ? match : *best;
        }
    }
    if (most > 0) {
        *overlap = (double)most / (double)own;
    }
}

PyDoc_STRVAR(title_scores_doc, "title_scores(numbers, counts, titles, sizes, overlap, best)");

static PyObject *
title_scores(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8}, {FLOATS, 8}};
    Numbers arrays[6];
    if (!arguments_are("title_scores", given, 6) || take_all(arrays, args, forms, 6, 2) < 0) {
        return NULL;
    }
    const Numbers *counts = &arrays[1], *titles = &arrays[2], *sizes = &arrays[3];
    double *overlap = arrays[4].view.buf, *best = arrays[5].view.buf;
    int done = 0;
    int32_t *seen = PyMem_Malloc((size_t)(titles->length + 1) * sizeof(int32_t));
    if (seen == NULL) {
        PyErr_NoMemory();
        done = -1;
    }
    else if (sizes->length > MOST_TITLES || arrays[4].length != counts->length || arrays[5].length != counts->length ||
             counts->length > INT32_MAX || !are_words(&arrays[0], counts, titles->length)) {
        done = do_not_fit();
    }
    else {
        const int64_t *words = arrays[0].view.buf;
        for (Py_ssize_t number = 0; number < titles->length; number++) {
            seen[number] = -1;
        }
        for (Py_ssize_t block = 0; block < counts->length; block++) {
            const Py_ssize_t count = (Py_ssize_t)((const int64_t *)counts->view.buf)[block];
            overlap[block] = best[block] = 0;
            score_block(words, count, (int32_t)block, titles, sizes, seen, &overlap[block], &best[block]);
            words += count;
        }
    }
    PyMem_Free(seen);
    return drop_all(arrays, 6, done);
}

/* -- grams ------------------------------------------------------------------------------------------------------- */

/* A set of grams; a slot is in use where its stamp is the set's. */
typedef struct {
    uint64_t *keys;
    int32_t *stamps;
    size_t mask;
    uint64_t secret;
} Grams;

static int
grams_make(Grams *grams, Py_ssize_t most, uint64_t secret)
{
    size_t slots = 64;
    while (slots < 2 * (size_t)most) {
        slots *= 2;
    }
    grams->mask = slots - 1;
    grams->secret = secret;
    grams->keys = PyMem_Malloc(slots * sizeof(uint64_t));
    grams->stamps = PyMem_Calloc(slots, sizeof(int32_t));
    if (grams->keys == NULL || grams->stamps == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void
grams_drop(Grams *grams)
{
    PyMem_Free(grams->keys);
    PyMem_Free(grams->stamps);
}

/* Whether a gram is in the set; it is put there, if `add`. */
static int
holds(Grams *grams, uint64_t key, int32_t stamp, int add)
{
    uint64_t hash = hash_with(grams->secret, (Py_UCS4)key, grams->secret);
    hash = hash_with(hash, (Py_UCS4)(key >> 32), grams->secret);
    size_t slot = (size_t)(hash >> 20) & grams->mask;
    for (; grams->stamps[slot] == stamp; slot = (slot + 1) & grams->mask) {
        if (grams->keys[slot] == key) {
            return 1;
        }
    }
    if (add) {
        grams->keys[slot] = key;
        grams->stamps[slot] = stamp;
    }
    return 0;
}

/* One number for a run of words, as _keys has it; 0 for one of words that are not there. */
static int
gram_key(const int64_t *words, Py_ssize_t size, Py_ssize_t known, uint64_t *key)
{
    *key = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (words[i] < 0 || words[i] >= known) {
            return 0;
        }
        *key = *key * (uint64_t)known + (uint64_t)words[i];
    }
    return 1;
}

/* The share of the different grams of a block that are wanted. */
static double
block_share(const int64_t *words, Py_ssize_t grams, Py_ssize_t size, Py_ssize_t known, Grams *wanted, Grams *own,
            int32_t stamp)
{
    uint64_t key;
    Py_ssize_t place = 0, different = 0, shared = 0;
    while (place < grams && !(gram_key(words + place, size, known, &key) && holds(wanted, key, 1, 0))) {
        place++;
    }
    if (place == grams) {
        return 0; /* few blocks share any */
    }
    for (place = 0; place < grams; place++) {
        if (gram_key(words + place, size, known, &key) && !holds(own, key, stamp, 1)) {
            different++;
            shared += holds(wanted, key, 1, 0);
        }
    }
    return (double)shared / (double)different;
}

PyDoc_STRVAR(gram_shares_doc, "gram_shares(size, few, known, numbers, counts, theirs, shares)");

static PyObject *
gram_shares(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8}};
    Numbers arrays[4];
    if (!arguments_are("gram_shares", given, 7)) {
        return NULL;
    }
    const Py_ssize_t size = PyLong_AsSsize_t(args[0]);
    const Py_ssize_t few = PyLong_AsSsize_t(args[1]);
    const Py_ssize_t known = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred() || take_all(arrays, args + 3, forms, 4, 1) < 0) {
        return NULL;
    }
    const Numbers *counts = &arrays[1], *theirs = &arrays[2];
    double *shares = arrays[3].view.buf;
    Grams wanted = {0}, own = {0};
    Py_ssize_t most = 0;
    for (Py_ssize_t block = 0; block < counts->length; block++) {
        const int64_t count = ((const int64_t *)counts->view.buf)[block];
        most = count > most ? (Py_ssize_t)count : most;
    }
    int done = 0;
    if (size < 1 || known < 0 || arrays[3].length != counts->length || counts->length >= INT32_MAX ||
        !are_words(&arrays[0], counts, known)) {
        done = do_not_fit();
    }
    else {
        const uint64_t secret = hash_secret();
        done = secret == 0 || grams_make(&wanted, theirs->length, secret) < 0 || grams_make(&own, most, secret) < 0 ? -1 : 0;
    }
    const int64_t *words = theirs->view.buf;
    uint64_t key;
    for (Py_ssize_t place = 0; done == 0 && place + size <= theirs->length; place++) {
        if (gram_key(words + place, size, known, &key)) {
            holds(&wanted, key, 1, 1);
        }
    }
    words = arrays[0].view.buf;
    for (Py_ssize_t block = 0; done == 0 && block < counts->length; block++) {
        const Py_ssize_t count = (Py_ssize_t)((const int64_t *)counts->view.buf)[block];
        const Py_ssize_t grams = count > few ? count - size + 1 : 0;
        shares[block] = grams > 0 ? block_share(words, grams, size, known, &wanted, &own, (int32_t)block + 1) : 0;
        words += count;
    }
    grams_drop(&wanted);
    grams_drop(&own);
    return drop_all(arrays, 4, done);
}

static PyMethodDef functions[] = {
    {"title_scores", FAST(title_scores), METH_FASTCALL, title_scores_doc},
    {"gram_shares", FAST(gram_shares), METH_FASTCALL, gram_shares_doc},
    {NULL, NULL, 0, NULL},
};

int
add_overlap(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
