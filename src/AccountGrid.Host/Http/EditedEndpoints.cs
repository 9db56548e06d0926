using Microsoft.OpenApi;

namespace AccountGrid.Host.Http;

/// <summary>What endpoints say of <see cref="EditCondition"/>.</summary>
internal static class EditedEndpoints
{
    /// <summary>A PUT that looks at the condition.</summary>
    public static RouteHandlerBuilder TakesCondition(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new LooksAtCondition()).ProducesProblem(412)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Description = "The ETag of what was read: 412 where it was changed since. Without it, the last change wins.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "If-None-Match",
                In = ParameterLocation.Header,
                Description = "With *: 412 where there is one already.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
            return Task.CompletedTask;
        });

    /// <summary>
    /// Gives an answer its tag, which is read before what is answered is: nobody edits by a tag that is newer than what they saw.
    /// </summary>
    public static async Task<IResult> WithTagAsync(this HttpContext http, Task<DateTimeOffset?> changedAt, Func<Task<IResult>> answer)
    {
        var tag = EditCondition.TagOf(await changedAt);
        var result = await answer();
        if (result is IStatusCodeHttpResult { StatusCode: null or (>= 200 and < 300) })
        {
            http.Response.Headers.ETag = tag;
        }

        return result;
    }
}
