import { z } from "zod";

/** The one spelling of an id: nothing in it means anything to a path, a query or a policy. */
export const orderId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)
  .describe("Id of the order.");

/** What leaves of an order. The API may say more; that stays here. */
export const order = z.object({
  id: orderId,
  item: z.string().max(200),
  quantity: z.int(),
  status: z.enum(["open", "sent", "cancelled"]),
});
