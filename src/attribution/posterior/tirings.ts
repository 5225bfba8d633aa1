/** Later touches of one channel may do less than the first: touch n does n^(−tiring) of it. */
export const tirings: readonly number[] = [0, 0.5, 1];
