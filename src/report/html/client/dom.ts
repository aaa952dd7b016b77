/** What an element may hold; nothing and false leave no trace. */
export type Child = Node | string | null | undefined | false;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Listeners = Readonly<Record<string, (event: never) => void>>;

/** An element. Text becomes text, whatever is in it; `true` sets an attribute without a value. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...present(children));
  return made;
}

/** An element of a drawing. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...present(children));
  return made;
}

/** A button that does something; not one that sends a form. */
export function button(
  attributes: Attributes,
  onClick: (event: MouseEvent) => void,
  ...children: readonly Child[]
): HTMLButtonElement {
  return on(element('button', {type: 'button', ...attributes}, ...children), {click: onClick});
}

/** A choice of one, with its label before it. */
export function chooser(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  onChange: (value: string) => void,
): {readonly label: HTMLLabelElement; readonly select: HTMLSelectElement} {
  const select = element(
    'select',
    {},
    ...options.map(([value, text]) => element('option', {value, selected: value === chosen}, text)),
  );
  on(select, {change: () => onChange(select.value)});
  return {label: element('label', {class: 'field'}, element('span', {}, label), select), select};
}

/** Adds listeners, by the name of the event, and gives the element back. */
export function on<Target extends EventTarget>(target: Target, listeners: Listeners): Target {
  for (const [type, listener] of Object.entries(listeners)) target.addEventListener(type, listener as EventListener);
  return target;
}

function setAttributes(made: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child instanceof Node || typeof child === 'string');
}
