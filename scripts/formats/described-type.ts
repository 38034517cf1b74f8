import {
  type Checker,
  type Project,
  SymbolFlags,
  type Type,
  TypeFlags,
  type UnionType,
} from 'typescript/unstable/sync';

/** What a type allows, as JSON: a text, its properties, the elements of a list in a list, or `anyOf`. */
export type Description =
  | string
  | { readonly [name: string]: Description }
  | readonly [Description]
  | { readonly anyOf: readonly Description[] };

/** Describes the types of a program by what they are made of: their names and files do not matter. */
export class TypeDescriber {
  readonly #project: Project;
  readonly #checker: Checker;

  constructor(project: Project) {
    this.#project = project;
    this.#checker = project.checker;
  }

  /** The type that a file declares under a name. */
  declared(file: string, name: string): Type {
    const text = this.#project.program.getSourceFile(file)?.text ?? '';
    const declaration = new RegExp(`^export (?:type|interface) (?=${name}\\b)`, 'm').exec(text);
    const position = declaration ? declaration.index + declaration[0].length : 0;
    const symbol = declaration && this.#checker.getSymbolAtPosition(file, position);
    if (!symbol) throw new Error(`${file} declares no ${name}.`);
    return this.#checker.getDeclaredTypeOfSymbol(symbol);
  }

  /** The types of which it is one; itself where it is no union. */
  variants(type: Type): readonly Type[] {
    return type.flags & TypeFlags.Union ? (type as UnionType).getTypes() : [type];
  }

  /** The type of a property. */
  property(type: Type, name: string): Type | undefined {
    const symbol = this.#checker.getPropertyOfType(type, name);
    return symbol && this.#checker.getTypeOfSymbol(symbol);
  }

  text(type: Type): string {
    return this.#checker.typeToString(type);
  }

  /** @param within the types that it is part of: one of them again is only named */
  describe(type: Type, within: readonly Type[] = []): Description {
    const name = this.text(type);
    if (within.includes(type)) return name;
    const inside = [...within, type];
    if (type.flags & TypeFlags.Union && !(type.flags & TypeFlags.Boolean)) {
      const parts = this.variants(type).map((variant) => this.describe(variant, inside));
      return union(parts);
    }
    if (!(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return name;
    if (this.#checker.isArrayLikeType(type)) return [this.#element(type, inside)];
    const indexed = this.#checker.getIndexInfosOfType(type).map(({ keyType, valueType }) => {
      return [`[${this.text(keyType)}]`, this.describe(valueType, inside)] as const;
    });
    const properties = this.#checker.getPropertiesOfType(type).map((symbol) => {
      const of = this.#checker.getTypeOfSymbol(symbol);
      const optional = symbol.flags & SymbolFlags.Optional ? '?' : '';
      return [`${symbol.name}${optional}`, of ? this.describe(of, inside) : ''] as const;
    });
    return Object.fromEntries([...indexed, ...properties].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #element(list: Type, inside: readonly Type[]): Description {
    const [info] = this.#checker.getIndexInfosOfType(list);
    return info ? this.describe(info.valueType, inside) : '';
  }
}

/** The order in which the compiler has the parts of a union is not part of the type. */
function union(parts: readonly Description[]): Description {
  const texts = new Set(parts.filter((part) => typeof part === 'string'));
  if (texts.has('true') && texts.has('false')) {
    texts.delete('true');
    texts.delete('false');
    texts.add('boolean');
  }
  const text = [...texts].sort().join(' | ');
  const others = parts.filter((part) => typeof part !== 'string');
  if (others.length === 0) return text;
  const sorted = others.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { anyOf: [...(text ? [text] : []), ...sorted] };
}
