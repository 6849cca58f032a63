#include "runtime/syntax/tree.h"

namespace syntax {

const char* name_of(NodeKind kind) {
  switch (kind) {
#define SYNTAX_NODE(name) \
  case NodeKind::k##name: \
    return #name;
#include "runtime/syntax/nodes.def"
#undef SYNTAX_NODE
  }
  return "";
}

}  // namespace syntax
