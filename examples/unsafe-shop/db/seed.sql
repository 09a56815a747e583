-- What a new shop begins with.
insert into customers (email, password_hash) values ('staff@cornercoffee-demo.com', 'a3f1c5e79b2d4f6081a2c3e4f5061728');
insert into saved_cards (customer_id, card_number, expiry) values (1, '4929836271590488', '11/27');
