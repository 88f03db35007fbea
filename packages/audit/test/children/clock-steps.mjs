// Loaded before a program: its wall clock goes back an hour, and forward again, every few looks.
const now = Date.now;
let looks = 0;
Date.now = () => {
  looks++;
  return now() - (Math.floor(looks / 5) % 2 === 1 ? 3_600_000 : 0);
};
