// How the methods of the models are played on Python objects: the text of each, what the object's
// type must have for it, and from which domain its arguments are drawn.
//
// The models themselves are linearizability/model.h; a row here is found by the names of model and
// method. A method without a row is played as `subject.NAME(arguments)`. Only data; thread safe.
#pragma once

#include <string>
#include <vector>

#include "conformance/linearizability/model.h"

namespace conformance {

// Documents allow an operation without a lock to see one that holds it halfway. So programs that are
// drawn without being told from what have one kind or the other, never both.
enum class Footing { Any, LockFree, SeveralSteps };

struct PlayedMethod {
  std::string code;       // body of a function of subject, argument0, argument1, argument2
  std::string attribute;  // without it the runtime has no such method; empty: nothing to ask
  bool by_default =
      true;  // false: only where a table names it, for its documents promise no atomicity
};

// `arity` is how many of the method's arguments are given.
PlayedMethod played(const Model& model, const Method& method, int arity);

// What to draw for each argument: fresh (a new element), known (one that is or was there), key,
// index, place (not from the end), count, text, elements, keys, pairs.
std::vector<std::string> draws(const Method& method, int arity);

Footing footing_of(const Model& model, const Method& method, int arity);

// Has the driver an object of its own for this model, where a scenario has no setup?
bool has_default_subject(const Model& model);

}  // namespace conformance
