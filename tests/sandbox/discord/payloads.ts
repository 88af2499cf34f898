/** Small parts of messages, right by themselves. */
export const V2 = 1 << 15;
export const words = (length: number) => 'x'.repeat(length);
export const text = (content: string) => ({ type: 10, content });
export const row = (...components: object[]) => ({ type: 1, components });
export const button = (custom_id: string, more: object = {}) => ({
  type: 2,
  style: 1,
  label: 'Go',
  custom_id,
  ...more,
});
export const option = (value: string) => ({ label: value, value });
export const select = (more: object = {}) => ({
  type: 3,
  custom_id: 's',
  options: [option('a'), option('b')],
  ...more,
});
export const embed = (more: object) => ({ embeds: [more] });
export const components = (...all: object[]) => ({ components: all });
export const v2 = (...all: object[]) => ({ flags: V2, components: all });
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
