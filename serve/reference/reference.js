"use strict";

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  // The default would send the description to a validator on the internet.
  validatorUrl: null,
});
