// Walks through the API with the client that oapi-codegen generates.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"

	"example.com/taskward-walk/taskward"
	"github.com/oapi-codegen/nullable"
)

const email = "oapi-codegen@example.com"

// must returns a value that was made without an error.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// expect returns the body of a response that is as described.
func expect[T any](body *T, response *http.Response, raw []byte) T {
	if body == nil {
		panic(fmt.Sprintf("%s: %s", response.Status, raw))
	}
	return *body
}

// text returns a nullable string for JSON: nil for null.
func text(value nullable.Nullable[string]) any {
	if value.IsNull() {
		return nil
	}
	return value.MustGet()
}

func operation(fill func(*taskward.Batch_Operations_Item) error) taskward.Batch_Operations_Item {
	var item taskward.Batch_Operations_Item
	if err := fill(&item); err != nil {
		panic(err)
	}
	return item
}

func titles(page taskward.TaskPage) []string {
	var titles []string
	for _, task := range page.Data {
		titles = append(titles, task.Title)
	}
	return titles
}

func main() {
	ctx := context.Background()
	// Keeps the cookie of the session.
	client := &http.Client{Jar: must(cookiejar.New(nil))}
	accounts := must(taskward.NewClientWithResponses(os.Args[1], taskward.WithHTTPClient(client)))
	said := map[string]any{}

	signUp := must(accounts.SignUpWithResponse(ctx, taskward.SignUp{
		Name: "Ada", Email: email, Password: "correct horse battery",
	}))
	said["signUp"] = expect(signUp.JSON200, signUp.HTTPResponse, signUp.Body).User.Email
	access := must(accounts.GetTokenWithResponse(ctx))
	token := expect(access.JSON200, access.HTTPResponse, access.Body).Token
	api := must(taskward.NewClientWithResponses(os.Args[1], taskward.WithRequestEditorFn(
		func(_ context.Context, request *http.Request) error {
			request.Header.Set("Authorization", "Bearer "+token)
			return nil
		},
	)))

	walkTasks(ctx, api, said)

	signedOut := must(accounts.SignOutWithResponse(ctx, taskward.EmptyObject{}))
	said["signOut"] = expect(signedOut.JSON200, signedOut.HTTPResponse, signedOut.Body).Success
	said["tokenAfterSignOut"] = must(accounts.GetTokenWithResponse(ctx)).StatusCode()
	fmt.Println(string(must(json.Marshal(said))))
}

func walkTasks(ctx context.Context, api *taskward.ClientWithResponses, said map[string]any) {
	created := must(api.CreateTaskWithResponse(ctx, nil, taskward.CreateTask{
		Title:    "Buy milk",
		Priority: nullable.NewNullableWithValue(taskward.High),
		Due:      nullable.NewNullableWithValue("2026-12-24"),
		Tags:     nullable.NewNullableWithValue([]string{"home"}),
	}))
	task := expect(created.JSON201, created.HTTPResponse, created.Body)
	etag := created.HTTPResponse.Header.Get("ETag")
	said["create"] = []any{created.StatusCode(), task.Title, task.Version, etag}
	second := must(api.CreateTaskWithResponse(ctx, nil, taskward.CreateTask{Title: "Buy bread"}))
	other := expect(second.JSON201, second.HTTPResponse, second.Body)

	sort, limit := taskward.ListTasksParamsSortCreatedAt, 1
	params := taskward.ListTasksParams{Sort: &sort, Limit: &limit}
	page := must(api.ListTasksWithResponse(ctx, &params))
	first := expect(page.JSON200, page.HTTPResponse, page.Body)
	cursor := first.NextCursor.MustGet()
	params.Cursor = &cursor
	page = must(api.ListTasksWithResponse(ctx, &params))
	last := expect(page.JSON200, page.HTTPResponse, page.Body)
	said["pages"] = []any{titles(first), titles(last), text(last.NextCursor)}

	conditional := taskward.UpdateTaskParams{IfMatch: &etag}
	changed := must(api.UpdateTaskWithResponse(ctx, task.Id, &conditional, taskward.UpdateTask{
		Description: nullable.NewNullableWithValue("Two litres"),
		Due:         nullable.NewNullNullable[string](),
	}))
	patched := expect(changed.JSON200, changed.HTTPResponse, changed.Body)
	said["patch"] = []any{text(patched.Description), text(patched.Due), patched.Version}
	lost := "Lost"
	stale := must(api.UpdateTaskWithResponse(ctx, task.Id, &conditional, taskward.UpdateTask{Title: &lost}))
	problem := expect(stale.ApplicationproblemJSON412, stale.HTTPResponse, stale.Body)
	said["stale"] = []any{stale.StatusCode(), problem.Code}

	done := must(api.CompleteTaskWithResponse(ctx, task.Id, nil, taskward.CompleteTask{Completed: true}))
	completed := expect(done.JSON200, done.HTTPResponse, done.Body)
	completedAt := "null"
	if !completed.CompletedAt.IsNull() {
		completedAt = "string"
	}
	said["complete"] = []any{completed.Completed, completedAt}
	said["delete"] = must(api.DeleteTaskWithResponse(ctx, task.Id, nil)).StatusCode()
	restored := must(api.RestoreTaskWithResponse(ctx, task.Id, nil))
	said["restore"] = expect(restored.JSON200, restored.HTTPResponse, restored.Body).Title
	said["batch"] = runBatch(ctx, api, task, other)
}

func runBatch(ctx context.Context, api *taskward.ClientWithResponses, task, other taskward.Task) []any {
	response := must(api.BatchTasksWithResponse(ctx, nil, taskward.Batch{
		Operations: []taskward.Batch_Operations_Item{
			operation(func(item *taskward.Batch_Operations_Item) error {
				return item.FromCreateOperation(taskward.CreateOperation{
					Task: taskward.CreateTask{Title: "Buy eggs"},
				})
			}),
			operation(func(item *taskward.Batch_Operations_Item) error {
				return item.FromUpdateOperation(taskward.UpdateOperation{
					Id:    task.Id,
					Patch: taskward.UpdateTask{Completed: nullable.NewNullableWithValue(false)},
				})
			}),
			operation(func(item *taskward.Batch_Operations_Item) error {
				return item.FromDeleteOperation(taskward.DeleteOperation{Id: other.Id})
			}),
		},
	}))
	var said []any
	for _, result := range expect(response.JSON200, response.HTTPResponse, response.Body).Results {
		var title any
		if result.Task != nil {
			title = result.Task.Title
		}
		said = append(said, []any{result.Status, title})
	}
	return said
}
