/* What the files of the extension share. Each file holds the compiled forms of one stage, and says which. */
#ifndef DECLUTTER_SPEEDUPS_H
#define DECLUTTER_SPEEDUPS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* The numbers of a numpy array, by the buffer protocol: the extension is not bound to a version of numpy. */
typedef struct {
    Py_buffer view;
    Py_ssize_t length;
} Numbers;

typedef enum { INTEGERS, FLOATS } Kind;

/* Take a contiguous array of numbers of this size and kind; writable ones are results. 0, or -1 with an exception. */
int numbers_take(Numbers *numbers, PyObject *array, Kind kind, Py_ssize_t size, int writable);
void numbers_drop(Numbers *numbers);

/* Take all arrays of a call, of these forms; the last `results` of them are written. 0, or -1 with an exception. */
typedef struct {
    Kind kind;
    Py_ssize_t size;
} Form;
int take_all(Numbers *arrays, PyObject *const *args, const Form *forms, int count, int results);

/* Give them back; what a function returns that is done, or has set an exception where done is -1. */
PyObject *drop_all(Numbers *arrays, int count, int done);

/* Sets a ValueError; -1. */
int do_not_fit(void);

/* Whether a function was called with that many arguments; if not, an exception is set. */
int arguments_are(const char *name, Py_ssize_t given, Py_ssize_t wanted);

/* Whether an object is a str whose characters can be read; if not, an exception is set. */
int is_read(PyObject *object);
static inline int
is_text(PyObject *object)
{
    return (PyUnicode_Check(object) && PyUnicode_IS_READY(object)) || is_read(object);
}

/* A function of METH_FASTCALL in a table of methods. */
#define FAST(function) ((PyCFunction)(void (*)(void))(function))

/* A function that is compiled several times, and runs in the form that the processor has; in all it gives the same numbers,
 * for -ffp-contract=off leaves additions to what they are (hatch_build.py). */
#if !defined(CLONED) && defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define CLONED __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#endif
#ifndef CLONED
#define CLONED
#endif

/* What each file puts into the module. */
int add_blocks(PyObject *module);
int add_columns(PyObject *module);
int add_context(PyObject *module);
int add_curves(PyObject *module);
int add_dates(PyObject *module);
int add_document(PyObject *module);
int add_elements(PyObject *module);
int add_forest(PyObject *module);
int add_frame(PyObject *module);
int add_lexicon(PyObject *module);
int add_net(PyObject *module);
int add_overlap(PyObject *module);
int add_source(PyObject *module);
int add_sums(PyObject *module);
int add_tags(PyObject *module);
int add_visibility(PyObject *module);
int add_vocabulary(PyObject *module);
int add_wordbits(PyObject *module);
int add_words(PyObject *module);

#endif
