/* What nets make of the rows of a page: the compiled form of Net in declutter/model/nets.py.
 *
 * A library's product of matrices starts threads that wait for each other, at every page: on a busy machine that takes longer
 * than the product. All sums are exact in any order, so that the one here is as good as any. LANES rows stand side by
 * side, and UNITS hidden units are summed up while their inputs are at hand.
 */
#include "speedups.h"

#include <math.h>
#include <string.h>

enum { LANES = 16, UNITS = 4 };
enum { SOFTNESS, MIDDLE, SCALE, FIRST, BIAS, STEP, LIMITS, SECOND, TABLE, SUMS, GIVEN };

typedef struct {
    const float *softness, *middle, *scale, *first, *bias, *step, *table;
    const double *second;
    float largest, input_steps;
    Py_ssize_t columns, hidden, outputs, count;
} Net;

/* Inputs of LANES rows in whole steps; of the last rows of a page some stand twice. */
CLONED static void
take_inputs(const Net *net, Py_ssize_t row, Py_ssize_t here, float *inputs)
{
    for (Py_ssize_t column = 0; column < net->columns; column++, inputs += LANES) {
        const float *values = net->table + column * net->count + row;
        const float softness = net->softness[column], middle = net->middle[column], scale = net->scale[column];
        for (Py_ssize_t lane = 0; lane < LANES; lane++) {
            inputs[lane] = values[lane < here ? lane : 0];
        }
        for (int lane = 0; lane < LANES; lane++) {
            const float sum = fabsf(inputs[lane]) + softness; /* each is rounded by itself */
            const float share = inputs[lane] / sum;
            const float apart = share - middle;
            const float steps = rintf(apart * scale);
            const float capped = steps > net->largest ? net->largest : steps;
            inputs[lane] = capped < -net->largest ? -net->largest : capped;
        }
    }
}

/* Add the inputs of LANES rows, each by its weight, to the sums of UNITS units. */
CLONED static void
add_inputs(const float *const *weights, const float *inputs, Py_ssize_t columns, float *sums)
{
#if defined(__GNUC__) && defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ == 0 /* sums stay where they are added */
    typedef float Lanes __attribute__((vector_size(32)));
    Lanes low[UNITS], high[UNITS], some, others;
    for (int unit = 0; unit < UNITS; unit++) {
        memcpy(&low[unit], sums + unit * LANES, sizeof(some));
        memcpy(&high[unit], sums + unit * LANES + 8, sizeof(some));
    }
    for (Py_ssize_t column = 0; column < columns; column++) {
        memcpy(&some, inputs + column * LANES, sizeof(some));
        memcpy(&others, inputs + column * LANES + 8, sizeof(others));
        for (int unit = 0; unit < UNITS; unit++) {
            low[unit] += some * weights[unit][column];
            high[unit] += others * weights[unit][column];
        }
    }
    for (int unit = 0; unit < UNITS; unit++) {
        memcpy(sums + unit * LANES, &low[unit], sizeof(some));
        memcpy(sums + unit * LANES + 8, &high[unit], sizeof(some));
    }
#else
    for (Py_ssize_t column = 0; column < columns; column++) {
        for (int unit = 0; unit < UNITS; unit++) {
            for (int lane = 0; lane < LANES; lane++) {
                sums[unit * LANES + lane] += inputs[column * LANES + lane] * weights[unit][column];
            }
        }
    }
#endif
}

/* What a hidden unit says of LANES rows. */
CLONED static void
put_unit(const Net *net, Py_ssize_t unit, const float *sums, double *values)
{
    const float scale = net->step[unit] / net->input_steps; /* a power of two moves no digit */
    for (int lane = 0; lane < LANES; lane++) {
        values[lane] = (sums[lane] < 0 ? 0 : sums[lane]) * scale;
    }
}

/* An output of LANES rows: what all hidden units say of them, each by its weight. */
CLONED static void
add_units(const Net *net, Py_ssize_t output, const double *values, double *found)
{
    const double *weight = net->second + output;
#if defined(__GNUC__) && defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ == 0 /* as above */
    typedef double Lanes __attribute__((vector_size(32)));
    enum { WIDE = 4, PARTS = LANES / WIDE };
    Lanes sums[PARTS] = {0}, these;
    for (Py_ssize_t unit = 0; unit < net->hidden; unit++, values += LANES, weight += net->outputs) {
        for (int part = 0; part < PARTS; part++) {
            memcpy(&these, values + part * WIDE, sizeof(these));
            sums[part] += these * *weight;
        }
    }
    memcpy(found, sums, sizeof(sums));
#else
    memset(found, 0, LANES * sizeof(double));
    for (Py_ssize_t unit = 0; unit < net->hidden; unit++, values += LANES, weight += net->outputs) {
        for (int lane = 0; lane < LANES; lane++) {
            found[lane] += values[lane] * *weight;
        }
    }
#endif
}

static void
run(const Net *net, float *inputs, double *values, double *put)
{
    for (Py_ssize_t row = 0; row < net->count; row += LANES) {
        const Py_ssize_t here = net->count - row < LANES ? net->count - row : LANES;
        take_inputs(net, row, here, inputs);
        for (Py_ssize_t first = 0; first < net->hidden; first += UNITS) {
            const Py_ssize_t units = net->hidden - first < UNITS ? net->hidden - first : UNITS;
            const float *weights[UNITS];
            float sums[UNITS * LANES];
            for (int unit = 0; unit < UNITS; unit++) { /* those beyond the last count for nothing */
                const Py_ssize_t which = first + (unit < units ? unit : 0);
                weights[unit] = net->first + which * net->columns;
                for (int lane = 0; lane < LANES; lane++) {
                    sums[unit * LANES + lane] = net->bias[which];
                }
            }
            add_inputs(weights, inputs, net->columns, sums);
            for (int unit = 0; unit < units; unit++) {
                put_unit(net, first + unit, sums + unit * LANES, values + (first + unit) * LANES);
            }
        }
        for (Py_ssize_t output = 0; output < net->outputs; output++) {
            double found[LANES];
            add_units(net, output, values, found);
            for (Py_ssize_t lane = 0; lane < here; lane++) {
                put[(row + lane) * net->outputs + output] = found[lane];
            }
        }
    }
}

static int
has_shape(const Numbers *numbers, Py_ssize_t rows, Py_ssize_t columns)
{
    return numbers->view.ndim == 2 && numbers->view.shape[0] == rows && numbers->view.shape[1] == columns;
}

/* More have no room beside each other. */
static const Py_ssize_t MOST = PY_SSIZE_T_MAX / (LANES * (Py_ssize_t)sizeof(double)) - 1;

static int
take_net(Net *net, const Numbers *arrays)
{
    const Py_ssize_t columns = arrays[SOFTNESS].length, hidden = arrays[BIAS].length;
    const Py_ssize_t outputs = arrays[SECOND].view.ndim == 2 ? arrays[SECOND].view.shape[1] : 0;
    const Py_ssize_t count = arrays[TABLE].view.ndim == 2 ? arrays[TABLE].view.shape[1] : 0;
    if (arrays[MIDDLE].length != columns || arrays[SCALE].length != columns || arrays[STEP].length != hidden ||
        arrays[LIMITS].length != 2 || outputs < 1 || columns > MOST || hidden > MOST || !has_shape(&arrays[FIRST], hidden, columns) ||
        !has_shape(&arrays[SECOND], hidden, outputs) || !has_shape(&arrays[TABLE], columns, count) ||
        !has_shape(&arrays[SUMS], count, outputs)) {
        return do_not_fit();
    }
    const float *limits = arrays[LIMITS].view.buf;
    *net = (Net){arrays[SOFTNESS].view.buf,
                 arrays[MIDDLE].view.buf,
                 arrays[SCALE].view.buf,
                 arrays[FIRST].view.buf,
                 arrays[BIAS].view.buf,
                 arrays[STEP].view.buf,
                 arrays[TABLE].view.buf,
                 arrays[SECOND].view.buf,
                 limits[0],
                 limits[1],
                 columns,
                 hidden,
                 outputs,
                 count};
    return 0;
}

PyDoc_STRVAR(net_sums_doc, "net_sums(softness, middle, scale, first, bias, step, limits, second, table, sums): see model/nets.py. limits: the\n"
                           "largest input, and the steps of a standard deviation; each column of features is a row of the table.");

static PyObject *
net_sums(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[GIVEN] = {{FLOATS, 4}, {FLOATS, 4}, {FLOATS, 4}, {FLOATS, 4}, {FLOATS, 4},
                                      {FLOATS, 4}, {FLOATS, 4}, {FLOATS, 8}, {FLOATS, 4}, {FLOATS, 8}};
    Numbers arrays[GIVEN];
    Net net;
    if (!arguments_are("net_sums", given, GIVEN) || take_all(arrays, args, forms, GIVEN, 1) < 0) {
        return NULL;
    }
    int done = take_net(&net, arrays);
    if (done == 0) {
        float *inputs = PyMem_Malloc((size_t)(net.columns + 1) * LANES * sizeof(float));
        double *values = PyMem_Malloc((size_t)(net.hidden + 1) * LANES * sizeof(double));
        if (inputs == NULL || values == NULL) {
            PyErr_NoMemory();
            done = -1;
        }
        else {
            Py_BEGIN_ALLOW_THREADS
            run(&net, inputs, values, arrays[SUMS].view.buf);
            Py_END_ALLOW_THREADS
        }
        PyMem_Free(inputs);
        PyMem_Free(values);
    }
    return drop_all(arrays, GIVEN, done);
}

static PyMethodDef functions[] = {
    {"net_sums", FAST(net_sums), METH_FASTCALL, net_sums_doc},
    {NULL, NULL, 0, NULL},
};

int
add_net(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
