"""What a clinic sets: programme and adopted editions, schedule, stricter limits, products, letter head."""
