"""Linear programs over numbers that are at least 0, solved by the GLPK library (Debian:
libglpk40)."""
import ctypes

_GLPK = ctypes.CDLL("libglpk.so.40")
_GLPK.glp_create_prob.restype = ctypes.c_void_p
_GLPK.glp_get_obj_val.restype = ctypes.c_double
_GLPK.glp_term_out(0)
_MIN, _MAX = 1, 2
_FREE, _LOW, _UP, _BOTH, _FIXED = 1, 2, 3, 4, 5
_OPTIMAL, _NO_FEASIBLE, _UNBOUNDED = 5, 4, 6


def _call(name, *values):
    words = [ctypes.c_double(v) if isinstance(v, float) else v for v in values]
    return getattr(_GLPK, name)(*words)


class Simplex:
    """COUNT variables. Rows are sums of some of them between bounds."""

    def __init__(self, count):
        self.prob = ctypes.c_void_p(_GLPK.glp_create_prob())
        self.count, self.bounds, self.now = count, {}, {}
        _call("glp_add_cols", self.prob, max(count, 1))
        for i in range(count):
            _call("glp_set_col_bnds", self.prob, i + 1, _LOW, 0.0, 0.0)

    def __del__(self):
        _GLPK.glp_delete_prob(self.prob)

    def row(self, members, least, most, factors=None):
        """A new row; LEAST and MOST may be None. Its number."""
        number = _call("glp_add_rows", self.prob, 1)
        n = len(members)
        places = (ctypes.c_int * (n + 1))(0, *(m + 1 for m in members))
        values = (ctypes.c_double * (n + 1))(0, *(factors or [1.0] * n))
        _call("glp_set_mat_row", self.prob, number, n, places, values)
        self.bounds[number] = (least, most)
        self.fix(number)
        return number

    def fix(self, number):
        least, most = self.bounds[number]
        kind = (_FREE if least is None and most is None else _LOW if most is None else
                _UP if least is None else _FIXED if least == most else _BOTH)
        _call("glp_set_row_bnds", self.prob, number, kind, float(least or 0), float(most or 0))

    def free(self, number):
        _call("glp_set_row_bnds", self.prob, number, _FREE, 0.0, 0.0)

    def solve(self, members, most, factors=None):
        """The most (or least) of a sum; None if it has none."""
        for i in self.now:
            _call("glp_set_obj_coef", self.prob, i + 1, 0.0)
        self.now = dict(zip(members, factors or [1.0] * len(members)))
        for i, factor in self.now.items():
            _call("glp_set_obj_coef", self.prob, i + 1, float(factor))
        _call("glp_set_obj_dir", self.prob, _MAX if most else _MIN)
        status = _call("glp_simplex", self.prob, None)
        if status:
            _call("glp_std_basis", self.prob)
            status = _call("glp_simplex", self.prob, None)
        if status:
            raise AssertionError(("simplex", status))
        status = _call("glp_get_status", self.prob)
        if status == _UNBOUNDED:
            return None
        if status != _OPTIMAL:
            raise AssertionError(("simplex status", status))
        return _GLPK.glp_get_obj_val(self.prob)
