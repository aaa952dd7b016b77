/** First address that the caller may lay its regions at. */
export function firstFree(): usize {
  return __heap_base;
}
