import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

/** Access to the OpenAPI document for features that are described by it. */
@Injectable()
export class ApiDocument {
  #create: (() => OpenAPIObject) | undefined;

  /** @param create describes the routes, and so belongs to the module of all modules. */
  setCreator(create: () => OpenAPIObject): void {
    this.#create = create;
  }

  /** Creates the document, which takes a tenth of a second. */
  create(): OpenAPIObject {
    if (this.#create === undefined) throw new Error('Nothing creates the OpenAPI document.');
    return this.#create();
  }
}
