/* Generated from openapi.json by "npm run openapi". */

export interface paths {
    "/api/auth/sign-up/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up
         * @description Where mail is sent, the response does not reveal whether the address has an account, and the user is not signed in until the link in the mail has been opened.
         */
        post: operations["signUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-in/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description An unverified address is refused like a wrong password, and receives a mail.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/update-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change your name or picture */
        post: operations["updateUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a bearer token for the session */
        get: operations["getToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/jwks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the public keys that verify tokens */
        get: operations["getKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/delete-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete the account with all its tasks and sessions */
        post: operations["deleteAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/get-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the current session */
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/list-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your sessions
         * @description Requires a sign-in within the last 24 hours; otherwise 403 `SESSION_NOT_FRESH`.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/revoke-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End one of your sessions
         * @description The response is the same for a session that is not yours or does not exist.
         */
        post: operations["endSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/revoke-other-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all of your other sessions */
        post: operations["endOtherSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/revoke-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all of your sessions */
        post: operations["endSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the password */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/request-password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a password reset mail
         * @description 400 `RESET_PASSWORD_DISABLED` where no mail is sent.
         */
        post: operations["requestPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a new password with the token from the mail */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow the link in a password reset mail */
        get: operations["openPasswordReset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/send-verification-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request another verification mail
         * @description 400 `VERIFICATION_EMAIL_NOT_ENABLED` where no mail is sent.
         */
        post: operations["sendVerificationMail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Verify an address with the token from the mail */
        get: operations["verifyAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the user of the token
         * @description Taken from the token alone: `email` and `name` are present if the issuer includes them.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/oauth-protected-resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the issuer of tokens
         * @description Metadata of RFC 9728, for pages of any origin.
         */
        get: operations["getProtectedResource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your lists */
        get: operations["listLists"];
        put?: never;
        /** Create a list */
        post: operations["createList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a list */
        get: operations["getList"];
        /**
         * Replace a list
         * @description Every writable field is required, so that none is cleared by omission. The version stays the same if nothing changes.
         */
        put: operations["replaceList"];
        post?: never;
        /**
         * Move a list to the trash, or delete it permanently
         * @description With `permanent=true` the list is deleted permanently, also from the trash. Otherwise a list in the trash is not found.
         */
        delete: operations["deleteList"];
        options?: never;
        head?: never;
        /**
         * Update a list
         * @description A JSON merge patch (RFC 7396): absent fields are kept, null clears a field. The version stays the same if nothing changes.
         */
        patch: operations["updateList"];
        trace?: never;
    };
    "/api/v1/lists/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a list among its siblings
         * @description Moves at once all succeed, and leave one order. A sibling whose position has grown long may be given a shorter one, and with it a new version.
         */
        post: operations["moveList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a list from the trash */
        post: operations["restoreList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a list
         * @description The newest first. Those that are older than the server keeps are not among them.
         */
        get: operations["getListHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{id}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring back the content of an earlier version of a list
         * @description Makes a new version, unless nothing changes. The place stays as it is.
         */
        post: operations["revertList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your tasks */
        get: operations["listTasks"];
        put?: never;
        /** Create a task */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a task */
        get: operations["getTask"];
        /**
         * Replace a task
         * @description Every writable field is required, so that none is cleared by omission. The version stays the same if nothing changes.
         */
        put: operations["replaceTask"];
        post?: never;
        /**
         * Move a task to the trash, or delete it permanently
         * @description With `permanent=true` the task is deleted permanently, also from the trash. Otherwise a task in the trash is not found.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        /**
         * Update a task
         * @description A JSON merge patch (RFC 7396): absent fields are kept, null clears a field. The version stays the same if nothing changes.
         */
        patch: operations["updateTask"];
        trace?: never;
    };
    "/api/v1/tasks/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Complete, reopen or toggle a task
         * @description Without a body, `completed` is toggled.
         */
        patch: operations["completeTask"];
        trace?: never;
    };
    "/api/v1/tasks/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a task among its siblings
         * @description Moves at once all succeed, and leave one order. A sibling whose position has grown long may be given a shorter one, and with it a new version.
         */
        post: operations["moveTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Skip a date of a recurring task
         * @description Moves `due` to the next date of the series, without completing the task.
         */
        post: operations["skipTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the dates of a recurring task
         * @description From the present `due` on, which is included. A task that does not repeat has no dates. With the basis `completion` these are the dates if each task is completed on its day.
         */
        get: operations["listOccurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a task from the trash */
        post: operations["restoreTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a task
         * @description The newest first. Those that are older than the server keeps are not among them.
         */
        get: operations["getTaskHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring back the content of an earlier version of a task
         * @description Makes a new version, unless nothing changes. The place stays as it is.
         */
        post: operations["revertTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, update and delete several tasks at once
         * @description Either all operations succeed, or nothing is changed. If any fail, the problem has the code of the first failure, and `errors` points at each one, such as `/operations/3`. With `dryRun` the response is the same, but nothing is written.
         */
        post: operations["batchTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your personal tokens */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a personal token
         * @description For scripts and tools. The token is in this response alone, so an `Idempotency-Key`, which would keep it, is refused. It opens nothing below `/api/v1/tokens`, `/api/v1/feeds` and `/api/auth`. A change of your password does not end it; the deletion of your account does.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a personal token
         * @description Within a second, every instance refuses it.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your calendar feeds */
        get: operations["listFeeds"];
        put?: never;
        /**
         * Make a calendar feed
         * @description Returns an address that calendars subscribe to. It is in this response alone, so an `Idempotency-Key`, which would keep it, is refused. Whoever has the address can read the calendar until the feed, or your account, is deleted.
         */
        post: operations["createFeed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feeds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a calendar feed
         * @description Its address ends at once; calendars keep what they have read.
         */
        delete: operations["deleteFeed"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeds/{secret}.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a calendar feed
         * @description Open tasks, and those completed in the last 30 days, as iCalendar (RFC 5545). A list in the trash is an empty calendar.
         */
        get: operations["readFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export your tasks and lists
         * @description A file of your tasks and lists, streamed. Each page of it is read at a moment of its own, so what you change in the meantime may be in it or not. A connection that ends early means that the file is incomplete.
         *
         *     - `json`: lists, tasks, the trash, series, order, `createdAt` and `completedAt`; not history, personal tokens or calendar feeds. An import makes the same again, under new ids.
         *     - `csv`: a line for each task. A cell that a spreadsheet would run begins with an apostrophe.
         *     - `ics`: an iCalendar file with a VTODO for each task.
         */
        get: operations["exportTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import tasks and lists from a file
         * @description Makes what a file has: up to 10,000 tasks, as many lists, and 20 MB. The body is the file itself, with its own media type or `application/octet-stream`.
         *
         *     Either all of it is made, or nothing: a 422 lists the lines that cannot be taken. What a format has and Taskward has not is in `skipped`. Importing a file again makes everything again, so send an `Idempotency-Key`. The same key with another `format` or `dryRun` is another request. A large file counts as several requests, one for each 64 KiB.
         */
        post: operations["importTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what has changed since a token
         * @description Several changes of one task or list come once, as it is now, in the order of the latest. Nothing is missed, and nothing is out of order, whatever is written at the same time.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream changes as they happen
         * @description The changes of `GET /api/v1/changes` as server-sent events, as they happen.
         *
         *     - `change`: `data` is an entry of `GET /api/v1/changes`, and `id` its token. The first event, and some of the later ones, have an `id` alone: clients keep it and dispatch nothing.
         *     - `session-ended`: the session or the account has ended. `token-expired`: connect again with a new token. `shutdown`: connect again after `retry`. After each of these the stream ends.
         *
         *     A comment is sent every 15 seconds. A user can have 10 streams on one instance.
         */
        get: operations["streamChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that the process is running */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the service is ready
         * @description Checks that the database responds and that there are keys to verify tokens with.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A broken rule: its location and a description. */
        ProblemError: {
            /**
             * @description JSON pointer into the body.
             * @example /title
             */
            pointer?: string;
            /** @description Name of the query or path parameter. */
            parameter?: string;
            /** @description Name of the header. */
            header?: string;
            /** @description Line of an imported file; in JSON, the number of the task or list. */
            line?: number;
            /** @example required */
            code: string;
            /** @example title is required */
            detail: string;
        };
        /** @description Problem details (RFC 9457). */
        Problem: {
            /**
             * Format: uri
             * @example urn:taskward:problem:task_not_found
             */
            type: string;
            /** @example The task was not found */
            title: string;
            /** @example 404 */
            status: number;
            /** @example There is no task with this id. */
            detail: string;
            /** @example /api/v1/tasks/019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90 */
            instance: string;
            /**
             * @description Stable, for clients to switch on. New codes may be added: treat unknown ones by their `status`. Known codes: `malformed_request`, `malformed_url`, `invalid_json`, `invalid_parameter`, `invalid_header`, `invalid_id`, `invalid_cursor`, `missing_token`, `invalid_token`, `expired_token`, `session_ended`, `insufficient_scope`, `untrusted_origin`, `quota_exceeded`, `task_not_found`, `list_not_found`, `token_not_found`, `feed_not_found`, `route_not_found`, `method_not_allowed`, `not_acceptable`, `redirect_refused`, `request_timeout`, `request_in_progress`, `parent_in_trash`, `series_ended`, `change_token_expired`, `precondition_failed`, `payload_too_large`, `unsupported_media_type`, `validation_failed`, `idempotency_key_reused`, `precondition_required`, `rate_limited`, `too_many_concurrent_requests`, `headers_too_large`, `internal_error`, `database_unavailable`, `key_set_unavailable`, `server_busy`, `instance_unavailable`, `not_ready`.
             * @example task_not_found
             */
            code: string;
            /** @example 0198c0de-0000-4000-8000-000000000000 */
            requestId: string;
            errors?: components["schemas"]["ProblemError"][];
        };
        /** @description The user that the token identifies, by its claims. */
        Me: {
            /**
             * @description The subject of the token.
             * @example kQ0v3mYt8nHsB1xZ
             */
            id: string;
            /** @example ada@example.com */
            email?: string;
            /** @example Ada */
            name?: string;
            /**
             * @description The issuer of the token.
             * @example https://tasks.example.org
             */
            issuer: string;
            /**
             * Format: date-time
             * @description Null if the token is a personal one that does not expire.
             * @example 2026-11-20T17:34:00.000Z
             */
            tokenExpiresAt: string | null;
        };
        /** @description The issuer of tokens, and how to send them (RFC 9728, section 2). */
        ProtectedResource: {
            /**
             * @description The origin of this service.
             * @example https://tasks.example.org
             */
            resource: string;
            /**
             * @description The issuer whose tokens are accepted: the `iss` of a token, word for word.
             * @example [
             *       "https://tasks.example.org"
             *     ]
             */
            authorization_servers: string[];
            /**
             * @description Scopes that a token with a `scope` needs; one without it has all. Reading over HTTP needs none, the reading tools of MCP need the first.
             * @example [
             *       "tasks:read",
             *       "tasks:write"
             *     ]
             */
            scopes_supported: string[];
            /**
             * @description Tokens are accepted in the `Authorization` header alone.
             * @example [
             *       "header"
             *     ]
             */
            bearer_methods_supported: "header"[];
            /** @example Taskward */
            resource_name: string;
            /**
             * Format: uri
             * @example https://tasks.example.org/docs
             */
            resource_documentation: string;
        };
        /** @description A new list. */
        CreateList: {
            /**
             * @description Trimmed.
             * @example Household
             */
            name: string;
            /**
             * @description Red, green and blue in hexadecimal; stored in lower case.
             * @example #3366cc
             */
            color?: string | null;
            /** @example false */
            archived?: boolean | null;
        };
        /** @description The numbers of a list’s tasks, subtasks included, without those in the trash. */
        TaskListCounts: {
            /** @example 3 */
            open: number;
            /** @example 1 */
            completed: number;
        };
        /** @description A list of tasks, which only its owner can access. */
        TaskList: {
            /**
             * Format: uuid
             * @description A UUIDv7, generated by the server.
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c91
             */
            id: string;
            /** @example Household */
            name: string;
            /** @example #3366cc */
            color: string | null;
            /**
             * @description Opaque; lists are in the order of the bytes of their positions.
             * @example y019aa1c46f2e7c3a9d512b8f4
             */
            position: string;
            /** @example false */
            archived: boolean;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            updatedAt: string;
            /**
             * @description Increases by one with each change. The `ETag` is this number in quotes.
             * @example 1
             */
            version: number;
            /** @description Only with `include=counts`. */
            tasks?: components["schemas"]["TaskListCounts"];
        };
        /** @description A page of lists. */
        ListPage: {
            data: components["schemas"]["TaskList"][];
            /**
             * @description The `cursor` of the next page; null on the last.
             * @example null
             */
            nextCursor: string | null;
            /**
             * @description The number of lists on all pages; only with `count=true`.
             * @example 1
             */
            total?: number;
        };
        /** @description All writable fields of a list. */
        ReplaceList: {
            /**
             * @description Trimmed.
             * @example Household
             */
            name: string;
            /**
             * @description Red, green and blue in hexadecimal; stored in lower case.
             * @example #3366cc
             */
            color: string | null;
            /** @example false */
            archived: boolean;
        };
        /** @description A JSON merge patch of a list (RFC 7396). */
        UpdateList: {
            /**
             * @description Trimmed.
             * @example Household
             */
            name?: string;
            /**
             * @description Red, green and blue in hexadecimal; stored in lower case.
             * @example #3366cc
             */
            color?: string | null;
            /** @example false */
            archived?: boolean | null;
        };
        /** @description A place among siblings: before one, after one or, without both, at the end. */
        MoveList: {
            /**
             * Format: uuid
             * @description Id of the sibling that comes next.
             */
            before?: string;
            /**
             * Format: uuid
             * @description Id of the sibling that comes before.
             */
            after?: string;
        };
        /** @description The session or personal token that made a version. */
        Author: {
            /** @example session */
            type: string;
            /**
             * @description Null if the issuer of the token names no session.
             * @example Firefox on Linux
             */
            name: string | null;
        };
        /** @description A version of a task or list. */
        Version: {
            /** @example 2 */
            version: number;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            at: string;
            /**
             * @description The type of the change, as in the log.
             * @example task.updated
             */
            type: string;
            by: components["schemas"]["Author"];
            /**
             * @description The fields that have changed; in version 1 those that it was made with.
             * @example {
             *       "title": {
             *         "from": "Buy milk",
             *         "to": "Buy oat milk"
             *       }
             *     }
             */
            changes: {
                [key: string]: {
                    from: unknown;
                    to: unknown;
                };
            };
        };
        /** @description A page of versions, the newest first. */
        History: {
            data: components["schemas"]["Version"][];
            /**
             * @description The `cursor` of the next page; null on the last.
             * @example null
             */
            nextCursor: string | null;
        };
        /** @description The version whose content comes back. */
        Revert: {
            /** @example 1 */
            version: number;
        };
        /**
         * @description The importance of a task.
         * @enum {string}
         */
        TaskPriority: "none" | "low" | "medium" | "high";
        /** @description How a task is to repeat. */
        CreateRecurrence: {
            /**
             * @description A recurrence rule (RFC 5545, 3.3.10) with a `FREQ` of `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`, without `DTSTART`.
             * @example FREQ=WEEKLY;BYDAY=MO
             */
            rule: string;
            /**
             * @description IANA name of the time zone in which days begin and a time of day is kept.
             * @example Europe/Berlin
             */
            timeZone: string;
            /**
             * @description Whether the next date follows `due` (and is today or later), or the day of completion.
             * @default due
             * @example due
             * @enum {string|null}
             */
            basis: "due" | "completion" | null;
        };
        /** @description A new task. */
        CreateTask: {
            /**
             * @description Trimmed.
             * @example Buy milk
             */
            title: string;
            /** @example Two litres, the blue one. */
            description?: string | null;
            /** @example false */
            completed?: boolean | null;
            /** @example high */
            priority?: components["schemas"]["TaskPriority"] | null;
            /**
             * @description A day (`YYYY-MM-DD`), or an RFC 3339 date-time with an offset; fractional seconds are truncated to milliseconds.
             * @example 2026-12-24
             */
            due?: string | null;
            /**
             * @description Each is trimmed, and unique regardless of case (Unicode full case folding) and the composition of accents. Spelling and order are kept.
             * @example [
             *       "home"
             *     ]
             */
            tags?: string[] | null;
            /**
             * Format: uuid
             * @description Id of the list. A subtask is always in the list of its parent. A task whose list changes goes to the end.
             * @example null
             */
            listId?: string | null;
            /**
             * Format: uuid
             * @description Id of the task that this one is a subtask of; a task has at most four ancestors. A task whose parent changes goes to the end.
             * @example null
             */
            parentId?: string | null;
            /** @description How the task repeats; it needs a `due`. Completing the task creates the next one. */
            recurrence?: components["schemas"]["CreateRecurrence"] | null;
        };
        /** @description How a task repeats. */
        Recurrence: {
            /**
             * @description A recurrence rule (RFC 5545).
             * @example FREQ=WEEKLY;BYDAY=MO
             */
            rule: string;
            /**
             * @description IANA name of the time zone.
             * @example Europe/Berlin
             */
            timeZone: string;
            /**
             * @example due
             * @enum {string}
             */
            basis: "due" | "completion";
        };
        /** @description The numbers of a task’s subtasks, of the next level, without those in the trash. */
        SubtaskCounts: {
            /** @example 3 */
            total: number;
            /** @example 1 */
            completed: number;
        };
        /** @description A task, which only its owner can access. */
        Task: {
            /**
             * Format: uuid
             * @description A UUIDv7, generated by the server.
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
             */
            id: string;
            /** @example Buy milk */
            title: string;
            /** @example null */
            description: string | null;
            /** @example false */
            completed: boolean;
            /**
             * Format: date-time
             * @description Time of completion, set by the server.
             * @example null
             */
            completedAt: string | null;
            /** @example none */
            priority: components["schemas"]["TaskPriority"];
            /**
             * @description A day (`YYYY-MM-DD`), or an instant in UTC.
             * @example 2026-12-24
             */
            due: string | null;
            /**
             * @example [
             *       "home"
             *     ]
             */
            tags: string[];
            /**
             * Format: uuid
             * @example null
             */
            listId: string | null;
            /**
             * Format: uuid
             * @example null
             */
            parentId: string | null;
            /** @example null */
            recurrence: components["schemas"]["Recurrence"] | null;
            /**
             * Format: uuid
             * @description Id of the first task of the series, which all tasks of the series share.
             * @example null
             */
            seriesId: string | null;
            /**
             * @description Opaque; siblings are in the order of the bytes of their positions.
             * @example y019aa1c46f2e7c3a9d512b8f4
             */
            position: string;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            updatedAt: string;
            /**
             * @description Increases by one with each change. The `ETag` is this number in quotes.
             * @example 1
             */
            version: number;
            /** @description Only with `include=progress`. */
            subtasks?: components["schemas"]["SubtaskCounts"];
            /**
             * Format: uuid
             * @description Id of the next task of the series; null if the series has ended. Only in the response that completes a task with a recurrence.
             */
            nextTaskId?: string | null;
        };
        /** @description A page of a list. */
        TaskPage: {
            data: components["schemas"]["Task"][];
            /**
             * @description The `cursor` of the next page; null on the last.
             * @example null
             */
            nextCursor: string | null;
            /**
             * @description The number of tasks on all pages; only with `count=true`.
             * @example 1
             */
            total?: number;
        };
        /** @description All writable fields of a task. */
        ReplaceTask: {
            /**
             * @description Trimmed.
             * @example Buy milk
             */
            title: string;
            /** @example Two litres, the blue one. */
            description: string | null;
            /** @example false */
            completed: boolean;
            /** @example high */
            priority: components["schemas"]["TaskPriority"];
            /**
             * @description A day (`YYYY-MM-DD`), or an RFC 3339 date-time with an offset; fractional seconds are truncated to milliseconds.
             * @example 2026-12-24
             */
            due: string | null;
            /**
             * @description Each is trimmed, and unique regardless of case (Unicode full case folding) and the composition of accents. Spelling and order are kept.
             * @example [
             *       "home"
             *     ]
             */
            tags: string[];
            /**
             * Format: uuid
             * @description Id of the list. A subtask is always in the list of its parent. A task whose list changes goes to the end.
             * @example null
             */
            listId?: string | null;
            /**
             * Format: uuid
             * @description Id of the task that this one is a subtask of; a task has at most four ancestors. A task whose parent changes goes to the end.
             * @example null
             */
            parentId?: string | null;
            /** @description How the task repeats; it needs a `due`. Completing the task creates the next one. */
            recurrence?: components["schemas"]["CreateRecurrence"] | null;
        };
        /** @description A JSON merge patch of a recurrence. */
        UpdateRecurrence: {
            /**
             * @description A recurrence rule (RFC 5545, 3.3.10) with a `FREQ` of `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`, without `DTSTART`.
             * @example FREQ=WEEKLY;BYDAY=MO
             */
            rule?: string;
            /**
             * @description IANA name of the time zone in which days begin and a time of day is kept.
             * @example Europe/Berlin
             */
            timeZone?: string;
            /**
             * @description Whether the next date follows `due` (and is today or later), or the day of completion.
             * @default due
             * @example due
             * @enum {string|null}
             */
            basis: "due" | "completion" | null;
        };
        /** @description A JSON merge patch of a task (RFC 7396). */
        UpdateTask: {
            /**
             * @description Trimmed.
             * @example Buy milk
             */
            title?: string;
            /** @example Two litres, the blue one. */
            description?: string | null;
            /** @example true */
            completed?: boolean | null;
            /** @example high */
            priority?: components["schemas"]["TaskPriority"] | null;
            /**
             * @description A day (`YYYY-MM-DD`), or an RFC 3339 date-time with an offset; fractional seconds are truncated to milliseconds.
             * @example 2026-12-24
             */
            due?: string | null;
            /**
             * @description Each is trimmed, and unique regardless of case (Unicode full case folding) and the composition of accents. Spelling and order are kept.
             * @example [
             *       "home"
             *     ]
             */
            tags?: string[] | null;
            /**
             * Format: uuid
             * @description Id of the list. A subtask is always in the list of its parent. A task whose list changes goes to the end.
             * @example null
             */
            listId?: string | null;
            /**
             * Format: uuid
             * @description Id of the task that this one is a subtask of; a task has at most four ancestors. A task whose parent changes goes to the end.
             * @example null
             */
            parentId?: string | null;
            /** @description How the task repeats; it needs a `due`. Completing the task creates the next one. */
            recurrence?: components["schemas"]["UpdateRecurrence"] | null;
        };
        /** @description The completion of a task. */
        CompleteTask: {
            /** @example true */
            completed: boolean;
        };
        /** @description A place of a task: beside a sibling, whose list and parent it gets, or at the end. A list or parent beside a sibling must be its own. */
        MoveTask: {
            /**
             * Format: uuid
             * @description Id of the sibling that comes next.
             */
            before?: string;
            /**
             * Format: uuid
             * @description Id of the sibling that comes before.
             */
            after?: string;
            /**
             * Format: uuid
             * @description Id of the list. A subtask is always in the list of its parent. A task whose list changes goes to the end.
             * @example null
             */
            listId?: string | null;
            /**
             * Format: uuid
             * @description Id of the task that this one is a subtask of; a task has at most four ancestors. A task whose parent changes goes to the end.
             * @example null
             */
            parentId?: string | null;
        };
        /** @description Dates of a series, the first one first. */
        Occurrences: {
            /**
             * @description Each is written like `due`: a day, or an instant in UTC.
             * @example [
             *       "2027-03-08",
             *       "2027-03-15"
             *     ]
             */
            data: string[];
        };
        /** @description Creates a task. */
        CreateOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "create";
            task: components["schemas"]["CreateTask"];
        };
        /** @description Changes some fields of a task. */
        UpdateOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "update";
            /**
             * Format: uuid
             * @description Can appear only once in a batch.
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
             */
            id: string;
            /**
             * @description Same as the header `If-Match`: the `ETag` that was read.
             * @example "3"
             */
            ifMatch?: string;
            patch: components["schemas"]["UpdateTask"];
        };
        /** @description Moves a task to the trash. */
        DeleteOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "delete";
            /**
             * Format: uuid
             * @description Can appear only once in a batch.
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
             */
            id: string;
            /**
             * @description Same as the header `If-Match`: the `ETag` that was read.
             * @example "3"
             */
            ifMatch?: string;
        };
        /** @description Moves a task beside a sibling, or to the end, as a move of its own does. */
        MoveOperation: {
            /**
             * Format: uuid
             * @description Id of the sibling that comes next.
             */
            before?: string;
            /**
             * Format: uuid
             * @description Id of the sibling that comes before.
             */
            after?: string;
            /**
             * Format: uuid
             * @description Id of the list. A subtask is always in the list of its parent. A task whose list changes goes to the end.
             * @example null
             */
            listId?: string | null;
            /**
             * Format: uuid
             * @description Id of the task that this one is a subtask of; a task has at most four ancestors. A task whose parent changes goes to the end.
             * @example null
             */
            parentId?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "move";
            /**
             * Format: uuid
             * @description Can appear only once in a batch.
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
             */
            id: string;
            /**
             * @description Same as the header `If-Match`: the `ETag` that was read.
             * @example "3"
             */
            ifMatch?: string;
        };
        /** @description Operations that succeed or fail as a whole. */
        Batch: {
            /**
             * @example [
             *       {
             *         "op": "create",
             *         "task": {
             *           "title": "Buy milk",
             *           "tags": [
             *             "home"
             *           ]
             *         }
             *       },
             *       {
             *         "op": "create",
             *         "task": {
             *           "title": "Buy bread",
             *           "priority": "high"
             *         }
             *       }
             *     ]
             */
            operations: (components["schemas"]["CreateOperation"] | components["schemas"]["UpdateOperation"] | components["schemas"]["DeleteOperation"] | components["schemas"]["MoveOperation"])[];
            /** @description If true, the response is the same, but nothing is written. Defaults to false. */
            dryRun?: boolean;
        };
        /** @description The result of one operation. */
        BatchResult: {
            /**
             * @description 201: created, 200: updated or moved, 204: put into the trash.
             * @example 201
             * @enum {integer}
             */
            status: 201 | 200 | 204;
            /** @description The updated task; absent for 204. */
            task?: components["schemas"]["Task"];
        };
        /** @description The results of the operations, in order. */
        BatchResults: {
            results: components["schemas"]["BatchResult"][];
        };
        /** @description A new personal token. */
        CreatePersonalToken: {
            /**
             * @description Trimmed. Histories and the authentication log name the token by it.
             * @example backup script
             */
            name: string;
            /**
             * @description `tasks:read`, alone or with `tasks:write`.
             * @example [
             *       "tasks:read"
             *     ]
             */
            scopes: ("tasks:read" | "tasks:write")[];
            /**
             * @description An RFC 3339 date-time with an offset, in the future; fractional seconds are truncated to milliseconds. Null: the token does not expire.
             * @example 2036-12-24T00:00:00Z
             */
            expiresAt?: string | null;
        };
        /** @description A new personal token. The token itself is shown this once. */
        CreatedPersonalToken: {
            /**
             * Format: uuid
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c92
             */
            id: string;
            /** @example backup script */
            name: string;
            /**
             * @example [
             *       "tasks:read"
             *     ]
             */
            scopes: ("tasks:read" | "tasks:write")[];
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the token ends; null if it does not expire.
             * @example 2026-11-20T17:29:00.000Z
             */
            expiresAt: string | null;
            /**
             * Format: date
             * @description The day (UTC) on which the token was last used; null before its first use.
             * @example 2026-11-21
             */
            lastUsedOn: string | null;
            /**
             * @description Send it as `Authorization: Bearer <token>`.
             * @example tw_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0TyBiU
             */
            token: string;
        };
        /** @description A personal token, without the token itself. */
        PersonalToken: {
            /**
             * Format: uuid
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c92
             */
            id: string;
            /** @example backup script */
            name: string;
            /**
             * @example [
             *       "tasks:read"
             *     ]
             */
            scopes: ("tasks:read" | "tasks:write")[];
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the token ends; null if it does not expire.
             * @example 2026-11-20T17:29:00.000Z
             */
            expiresAt: string | null;
            /**
             * Format: date
             * @description The day (UTC) on which the token was last used; null before its first use.
             * @example 2026-11-21
             */
            lastUsedOn: string | null;
        };
        /** @description All your personal tokens, the newest first. */
        PersonalTokens: {
            data: components["schemas"]["PersonalToken"][];
        };
        /** @description A new calendar feed. */
        CreateFeed: {
            /**
             * Format: uuid
             * @description Id of the list to show. Null: all tasks.
             * @example null
             */
            listId?: string | null;
            /**
             * @description `events`, which every calendar shows and which have only the tasks with a `due`, or `todos`.
             * @example events
             * @enum {string}
             */
            as: "events" | "todos";
        };
        /** @description A new calendar feed. Its address is shown this once. */
        CreatedFeed: {
            /**
             * Format: uuid
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c93
             */
            id: string;
            /**
             * Format: uuid
             * @description Id of the list that it shows; null for all tasks.
             * @example null
             */
            listId: string | null;
            /**
             * @example events
             * @enum {string}
             */
            as: "events" | "todos";
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: uri
             * @description The address to subscribe to. Whoever has it can read the calendar.
             * @example http://localhost:3000/feeds/tw_feed_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0TyBiU.ics
             */
            url: string;
        };
        /** @description A calendar feed, without its address. */
        Feed: {
            /**
             * Format: uuid
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c93
             */
            id: string;
            /**
             * Format: uuid
             * @description Id of the list that it shows; null for all tasks.
             * @example null
             */
            listId: string | null;
            /**
             * @example events
             * @enum {string}
             */
            as: "events" | "todos";
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
        };
        /** @description All your calendar feeds, the newest first. */
        Feeds: {
            data: components["schemas"]["Feed"][];
        };
        /** @description The numbers of what an import made. */
        ImportCounts: {
            /** @example 2 */
            lists: number;
            /** @example 40 */
            tasks: number;
        };
        /** @description Something that a file has and Taskward has not, and that was left out. */
        SkippedLine: {
            /**
             * @description Line of the file; in JSON, the number of the task or list.
             * @example 7
             */
            line: number;
            /**
             * @description Stable; new codes may be added.
             * @example unknown
             */
            code: string;
            /** @example section is not known */
            detail: string;
        };
        /** @description The result of an import: numbers of what it made, and the lines that it left out. */
        ImportResult: {
            made: components["schemas"]["ImportCounts"];
            skipped: components["schemas"]["SkippedLine"][];
        };
        /** @description A task or list that has changed, as it is now. */
        Change: {
            /**
             * @description Stands for the moment after this change.
             * @example kX2v…
             */
            token: string;
            /**
             * @description The latest change.
             * @example task.updated
             * @enum {string}
             */
            type: "task.created" | "task.updated" | "task.completed" | "task.reopened" | "task.moved" | "task.trashed" | "task.restored" | "task.removed" | "list.created" | "list.updated" | "list.moved" | "list.trashed" | "list.restored" | "list.removed";
            /**
             * Format: uuid
             * @example 019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
             */
            id: string;
            /** @example 2 */
            version: number;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            at: string;
            /** @description The task, also one in the trash; null if it is deleted permanently. */
            task?: components["schemas"]["Task"] | null;
            /** @description The list, also one in the trash; null if it is deleted permanently. */
            list?: components["schemas"]["TaskList"] | null;
        };
        /** @description A page of changes, in the order of the latest. */
        ChangePage: {
            data: components["schemas"]["Change"][];
            /**
             * @description `since` of the next request.
             * @example kX2v…
             */
            nextToken: string;
            /**
             * @description Whether there are more changes already.
             * @example false
             */
            hasMore: boolean;
        };
        /** @description The service is healthy. */
        Health: {
            /**
             * @example ok
             * @enum {string}
             */
            status: "ok";
        };
        /** @description A new account. */
        SignUp: {
            /**
             * @description Trimmed.
             * @example Ada
             */
            name: string;
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /**
             * Format: password
             * @example correct horse battery
             */
            password: string;
            /**
             * Format: uri
             * @description An https URL, or null.
             * @example https://example.com/ada.png
             */
            image?: string | null;
        };
        /** @description Credentials. */
        SignIn: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /**
             * Format: password
             * @example correct horse battery
             */
            password: string;
        };
        /** @description Members of the account to change. */
        UpdateUser: {
            /**
             * @description Trimmed.
             * @example Ada
             */
            name?: string;
            /**
             * Format: uri
             * @description An https URL, or null.
             * @example https://example.com/ada.png
             */
            image?: string | null;
        };
        /** @description The password, as a confirmation. */
        DeleteAccount: {
            /**
             * Format: password
             * @example correct horse battery
             */
            password: string;
        };
        /** @description One of your sessions. */
        EndSession: {
            /**
             * @description `token` of the session.
             * @example 7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A
             */
            token: string;
        };
        /** @description The old password and the new one. */
        ChangePassword: {
            /**
             * Format: password
             * @example correct horse battery
             */
            currentPassword: string;
            /**
             * Format: password
             * @example another horse battery
             */
            newPassword: string;
        };
        /** @description The address of an account. */
        RequestPasswordReset: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /**
             * @description The page that the link in the mail finally leads to, on a trusted origin.
             * @example /
             */
            redirectTo?: string;
        };
        /** @description The token from the mail, and a new password. */
        ResetPassword: {
            /** @example cmFuZG9tIHRva2VuIG9mIG1h */
            token: string;
            /**
             * Format: password
             * @example another horse battery
             */
            newPassword: string;
        };
        /** @description The address of an account. */
        SendVerificationMail: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /**
             * @description The page that the link in the mail finally leads to, on a trusted origin.
             * @example /
             */
            callbackURL?: string;
        };
        /** @description An empty object, which can be omitted. */
        EmptyObject: Record<string, never>;
        /** @description A user of the embedded issuer. */
        User: {
            /**
             * @description `sub` of bearer tokens.
             * @example kQ0v3mYt8nHsB1xZ
             */
            id: string;
            /** @example Ada */
            name: string;
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /**
             * @description Whether the link in a mail to the address has been opened.
             * @example false
             */
            emailVerified: boolean;
            /**
             * @description An https URL, or null.
             * @example null
             */
            image: string | null;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            updatedAt: string;
        };
        /** @description A sign-in that has not ended. */
        Session: {
            /**
             * @description `sid` of its bearer tokens.
             * @example 42TPmeYV56s9z9mrVKO36utWxRwoJUsw
             */
            id: string;
            /**
             * @description Identifies the session when ending it. Neither a cookie nor a bearer token.
             * @example 7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A
             */
            token: string;
            /** @example kQ0v3mYt8nHsB1xZ */
            userId: string;
            /** @example 203.0.113.7 */
            ipAddress: string | null;
            /** @example Mozilla/5.0 */
            userAgent: string | null;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-20T17:29:00.000Z
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-27T17:29:00.000Z
             */
            expiresAt: string;
        };
        /** @description The new account. */
        SignedUp: {
            /**
             * @description The session token, as in the cookie. Not a bearer token.
             * @example 7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A
             */
            token: string | null;
            user: components["schemas"]["User"];
        };
        /** @description The new session and its user. */
        SignedIn: {
            /**
             * @description Whether the body named a `callbackURL`.
             * @example false
             */
            redirect: boolean;
            /**
             * @description The session token, as in the cookie. Not a bearer token.
             * @example 7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A
             */
            token: string;
            /**
             * @description The `callbackURL`, if any.
             * @example /
             */
            url?: string;
            user: components["schemas"]["User"];
        };
        /** @description The session that replaces all others, and its user. */
        PasswordChanged: {
            /**
             * @description The session token, as in the cookie. Not a bearer token.
             * @example 7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A
             */
            token: string;
            user: components["schemas"]["User"];
        };
        /** @description The session of the cookie and its user. */
        CurrentSession: {
            session: components["schemas"]["Session"];
            user: components["schemas"]["User"];
        };
        /** @description A bearer token. */
        AccessToken: {
            /** @example eyJhbGciOiJFZERTQSJ9… */
            token: string;
        };
        /** @description A JSON Web Key (RFC 8037) that verifies tokens. */
        PublicKey: {
            /** @example 0198c0de-0000-4000-8000-000000000000 */
            kid: string;
            /** @example EdDSA */
            alg: string;
            /** @example OKP */
            kty: string;
            /** @example Ed25519 */
            crv: string;
            /** @example 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo */
            x: string;
        };
        /** @description A JSON Web Key Set (RFC 7517). */
        PublicKeySet: {
            keys: components["schemas"]["PublicKey"][];
        };
        /** @description The end of a session. */
        SignedOut: {
            /**
             * @description Always true.
             * @example true
             */
            success: boolean;
        };
        /** @description The end of an account. */
        AccountDeleted: {
            /**
             * @description Always true.
             * @example true
             */
            success: boolean;
            /** @example User deleted */
            message: string;
        };
        /** @description Success. */
        Done: {
            /**
             * @description Always true.
             * @example true
             */
            status: boolean;
        };
        /** @description Success, whether or not the address has an account. */
        MailRequested: {
            /**
             * @description Always true.
             * @example true
             */
            status: boolean;
            /** @example If this email exists in our system, check your email for the reset link */
            message: string;
        };
        /** @description Success. */
        AddressVerified: {
            /**
             * @description Always true.
             * @example true
             */
            status: boolean;
            /**
             * @description Always null.
             * @example null
             */
            user: components["schemas"]["User"] | null;
        };
        /** @description An error from Better Auth. New codes may be added. */
        AuthError: {
            /** @description Stable, for clients to switch on. */
            code?: string;
            message: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The id of the request: that of the caller, if it sent a valid `X-Request-Id`. */
        "X-Request-Id": string;
        /** @description Forbids caching. */
        "Cache-Control": string;
        /** @description Reason for the refusal (RFC 6750). */
        "WWW-Authenticate": string;
        /** @description The scope that the token lacks (RFC 6750); absent if the token is not the reason. */
        LackingScope: string;
        /** @description Seconds to wait before retrying. */
        "Retry-After": string;
        /** @description Seconds to wait before retrying; absent if waiting alone does not help. */
        RetryInProgress: string;
        /** @description The current version of the resource, in quotes. */
        ETag: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            /** @description Signed up. Where no mail is sent, also signed in: the session is in a cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedUp"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in: the session is in a cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUser"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyObject"];
            };
        };
        responses: {
            /** @description The session has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedOut"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A short-lived token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
        };
    };
    getKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON Web Key Set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKeySet"];
                };
            };
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteAccount"];
            };
        };
        responses: {
            /** @description The account has been deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountDeleted"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session of the cookie and its user; null if no user is signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentSession"] | null;
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions that have not ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndSession"];
            };
        };
        responses: {
            /** @description The session has ended, and its tokens are refused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    endOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyObject"];
            };
        };
        responses: {
            /** @description The other sessions have ended, and their tokens are refused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    endSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyObject"];
            };
        };
        responses: {
            /** @description All sessions have ended, including this one, and their tokens are refused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description Changed. All sessions have ended, and the cookie contains a new one. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordChanged"];
                };
            };
        };
    };
    requestPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestPasswordReset"];
            };
        };
        responses: {
            /** @description If the address has an account, a mail has been sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailRequested"];
                };
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description Set. All sessions have ended, and the address counts as verified. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    openPasswordReset: {
        parameters: {
            query: {
                callbackURL: string;
            };
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirects to the page with `?token=<token>`, or with `?error=INVALID_TOKEN` if the link is invalid or has expired. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sendVerificationMail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendVerificationMail"];
            };
        };
        responses: {
            /** @description If the address needs verification, a mail has been sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    verifyAddress: {
        parameters: {
            query: {
                token: string;
                callbackURL?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Verified, if no page was named. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddressVerified"];
                };
            };
            /** @description Redirects to the page, with `?error=<code>` if the link is invalid or has expired. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user of the token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    getProtectedResource: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProtectedResource"];
                };
            };
        };
    };
    listLists: {
        parameters: {
            query?: {
                /** @description Adds `tasks`, the numbers of open and completed tasks. */
                include?: "counts";
                /** @description Filters by `archived`. */
                archived?: boolean;
                /** @description Sort order; `-` means descending. Ties are sorted by id in the same direction. */
                sort?: "position" | "-position" | "name" | "-name" | "createdAt" | "-createdAt";
                /** @description Maximum number of lists on a page. */
                limit?: number;
                /** @description `nextCursor` of the previous page; empty for the first page. */
                cursor?: string;
                /** @description Adds `total`, the number of lists on all pages. */
                count?: boolean;
                /** @description Lists the trash instead. */
                trashed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of lists. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage"];
                };
            };
        };
    };
    createList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateList"];
            };
        };
        responses: {
            /** @description The list. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    getList: {
        parameters: {
            query?: {
                /** @description Adds `tasks`, the numbers of open and completed tasks. */
                include?: "counts";
            };
            header?: {
                /** @description The `ETag` of the version that you want; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description The `ETag` of the version that you have; 304 if it is current. `*` matches any version. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
            /** @description The version that you have is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    replaceList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that was read; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description 412 if the list has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplaceList"];
            };
        };
        responses: {
            /** @description The updated list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    deleteList: {
        parameters: {
            query?: {
                /** @description `true` deletes the list permanently, also from the trash, and its tasks with it. */
                permanent?: boolean;
                /** @description Keeps the tasks of the list, without a list. */
                tasks?: "keep";
            };
            header?: {
                /** @description The `ETag` that was read; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description 412 if the list has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list is in the trash, or permanently deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that was read; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description 412 if the list has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["UpdateList"];
                "application/json": components["schemas"]["UpdateList"];
            };
        };
        responses: {
            /** @description The updated list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    moveList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description 412 if the list has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveList"];
            };
        };
        responses: {
            /** @description The updated list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    restoreList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description 412 if the list has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The updated list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    getListHistory: {
        parameters: {
            query?: {
                /** @description Maximum number of versions on a page. */
                limit?: number;
                /** @description `nextCursor` of the previous page; empty for the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    revertList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the list has changed since. */
                "If-Match"?: string;
                /** @description 412 if the list has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revert"];
            };
        };
        responses: {
            /** @description The updated list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description Adds `subtasks`, the numbers of subtasks of the next level. */
                include?: "progress";
                /** @description Filters by completion. */
                completed?: boolean;
                /** @description Tasks with any of these priorities, comma-separated: none, low, medium, high. */
                priority?: string;
                /** @description Tasks with all of these tags, comma-separated. Case (Unicode full case folding) and the composition of accents do not matter. Write a comma within a tag as `\,`, and a backslash as `\\`. */
                tags?: string;
                /** @description Tasks of any of these lists, comma-separated; `none` stands for tasks without a list. An unknown id finds nothing. */
                list?: string;
                /** @description Subtasks of any of these tasks, comma-separated; `none` stands for tasks without a parent. An unknown id finds nothing. */
                parent?: string;
                /** @description Tasks due before this: a date, a date-time, or `today`, `tomorrow` or `now` at the time of the request, optionally with days or weeks (`today+3d`, `now-2w`). All-day tasks count by their day in `timeZone`: a date, or the day of the instant. */
                dueBefore?: string;
                /** @description Tasks due at this or after it: a date, a date-time, or `today`, `tomorrow` or `now` at the time of the request, optionally with days or weeks (`today+3d`, `now-2w`). */
                dueAfter?: string;
                /** @description Filters by whether `due` is set. */
                hasDue?: boolean;
                /** @description IANA time zone in which days start and end, for the `due` filters and sorting. */
                timeZone?: string;
                /** @description Words to find in title and description; the beginning of a word is enough. Case, accents, Arabic and Hebrew vowel signs, soft hyphens and joiners do not matter. */
                q?: string;
                /** @description Sort order; `-` means descending. Ties are sorted by id in the same direction. Tasks without `due` come last in both directions. By `position` they are in the order that they were moved to. */
                sort?: "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt" | "due" | "-due" | "priority" | "-priority" | "title" | "-title" | "position" | "-position";
                /** @description Maximum number of tasks on a page. A page of large tasks ends earlier, at 2 MiB. */
                limit?: number;
                /** @description `nextCursor` of the previous page; empty for the first page. */
                cursor?: string;
                /** @description Adds `total`, the number of tasks on all pages. */
                count?: boolean;
                /** @description Lists the trash instead. */
                trashed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTask"];
            };
        };
        responses: {
            /** @description The task. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    getTask: {
        parameters: {
            query?: {
                /** @description Adds `subtasks`, the numbers of subtasks of the next level. */
                include?: "progress";
            };
            header?: {
                /** @description The `ETag` of the version that you want; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description The `ETag` of the version that you have; 304 if it is current. `*` matches any version. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The version that you have is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    replaceTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplaceTask"];
            };
        };
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    deleteTask: {
        parameters: {
            query?: {
                /** @description `true` deletes the task permanently, also from the trash. */
                permanent?: boolean;
            };
            header?: {
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task is in the trash, or permanently deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["UpdateTask"];
                "application/json": components["schemas"]["UpdateTask"];
            };
        };
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    completeTask: {
        parameters: {
            query?: {
                /** @description Completes all subtasks, too, of every level. Reopening leaves them as they are. */
                subtasks?: "complete";
            };
            header?: {
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["CompleteTask"];
                "application/json": components["schemas"]["CompleteTask"];
            };
        };
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    moveTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveTask"];
            };
        };
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    skipTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    listOccurrences: {
        parameters: {
            query?: {
                /** @description The first date: a day, which begins in the time zone of the recurrence, or a date-time. */
                from?: string;
                /** @description The dates end before this one. */
                to?: string;
                /** @description Maximum number of dates. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dates. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Occurrences"];
                };
            };
        };
    };
    restoreTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    getTaskHistory: {
        parameters: {
            query?: {
                /** @description Maximum number of versions on a page. */
                limit?: number;
                /** @description `nextCursor` of the previous page; empty for the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    revertTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` that was read; 412 if the task has changed since. */
                "If-Match"?: string;
                /** @description 412 if the task has this `ETag`, or, for `*`, whatever it has. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revert"];
            };
        };
        responses: {
            /** @description The updated task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    batchTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Batch"];
            };
        };
        responses: {
            /** @description The results of the operations, in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResults"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalTokens"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePersonalToken"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedPersonalToken"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listFeeds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feeds"];
                };
            };
        };
    };
    createFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateFeed"];
            };
        };
        responses: {
            /** @description The feed. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedFeed"];
                };
            };
        };
    };
    deleteFeed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feed is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of an earlier response: 304 if nothing has changed since. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The secret of the address that `POST /api/v1/feeds` has returned. */
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calendar. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Taskward//Taskward//EN
                     *     BEGIN:VEVENT
                     *     UID:019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
                     *     DTSTAMP:20261120T172900Z
                     *     SUMMARY:Buy milk
                     *     DTSTART;VALUE=DATE:20261224
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description Nothing has changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    exportTasks: {
        parameters: {
            query?: {
                /** @description `json` has everything that an import needs to make the same again. `csv` and `ics` have the tasks that are not in the trash. */
                format?: "json" | "csv" | "ics";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "format": "taskward",
                     *       "version": 1,
                     *       "exportedAt": "2026-11-20T17:29:00.000Z",
                     *       "tasks": [],
                     *       "lists": []
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    };
                    /** @example id,parent,list,title,description,completed,completedAt,priority,due,tags,recurrence,timeZone,basis,createdAt,position */
                    "text/csv": string;
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Taskward//Taskward//EN
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
        };
    };
    importTasks: {
        parameters: {
            query?: {
                /** @description Format of the file: `taskward` is the export as JSON, `todoist-csv` the template of a project, `google-tasks` the `Tasks.json` of Google Takeout, `vikunja` the archive of an export, `ics` has to-dos, and `csv` has a header. */
                format?: "taskward" | "todoist-csv" | "google-tasks" | "vikunja" | "ics" | "csv";
                /** @description Whether nothing is written: the response is the same. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The numbers of what was made, and the lines that were left out. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description A token of your changes. Without it there is no data, only the token of now. */
                since?: string;
                /** @description Maximum number of changes on a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangePage"];
                };
            };
        };
    };
    streamChanges: {
        parameters: {
            query?: {
                /** @description A token of your changes to go on from; `Last-Event-ID` takes precedence. */
                since?: string;
            };
            header?: {
                /** @description A token of your changes to go on from: the `id` of the last event. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream that lasts until the client or the server ends it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 1000
                     *     id: kX2v…
                     *
                     *     event: change
                     *     id: mB7q…
                     *     data: {"token":"mB7q…","type":"task.updated","id":"019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90","version":2,"at":"2026-11-20T17:29:00.000Z","task":null}
                     */
                    "text/event-stream": string;
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}

/** Known codes of problems. */
export type ProblemCode =
  | 'change_token_expired'
  | 'database_unavailable'
  | 'expired_token'
  | 'feed_not_found'
  | 'headers_too_large'
  | 'idempotency_key_reused'
  | 'instance_unavailable'
  | 'insufficient_scope'
  | 'internal_error'
  | 'invalid_cursor'
  | 'invalid_header'
  | 'invalid_id'
  | 'invalid_json'
  | 'invalid_parameter'
  | 'invalid_token'
  | 'key_set_unavailable'
  | 'list_not_found'
  | 'malformed_request'
  | 'malformed_url'
  | 'missing_token'
  | 'not_acceptable'
  | 'not_ready'
  | 'parent_in_trash'
  | 'payload_too_large'
  | 'precondition_failed'
  | 'precondition_required'
  | 'quota_exceeded'
  | 'rate_limited'
  | 'request_in_progress'
  | 'request_timeout'
  | 'route_not_found'
  | 'series_ended'
  | 'session_ended'
  | 'task_not_found'
  | 'token_not_found'
  | 'too_many_concurrent_requests'
  | 'unsupported_media_type'
  | 'validation_failed';
