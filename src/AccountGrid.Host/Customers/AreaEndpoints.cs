using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Customers;

/// <summary>Areas and who is responsible for them; assignments by file.</summary>
internal static class AreaEndpoints
{
    public static void MapAreas(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/areas").WithTags("Customers").ProducesProblem(401).ProducesProblem(403);
        g.MapGet("/", ListAsync).WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Areas by id, with who is responsible today.").Produces<Page<AreaAnswer>>();
        g.MapGet("/{area}", GetAsync).WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("An area with the assignments of its collectors.").Produces<AreaAnswer>().ProducesProblem(404);
        g.MapPut("/{area}", PutAsync).TakesCondition().RequireAuthorization(Permissions.Administer)
            .WithSummary("Creates an area, or changes its name, zone or place in the tree.")
            .Produces<AreaAnswer>().ProducesProblem(422);
        g.MapPut("/{area}/collector", AssignAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Says who is the collector of an area from a day on. Open cases move on that day.").Produces<AreaAnswer>().ProducesProblem(404)
            .ProducesProblem(422);
        routes.MapPost("/v1/assignments", ImportAsync).WithTags("Customers").RequireAuthorization(Permissions.Administer).Accepts<string>("text/csv")
            .WithSummary("Assignments by a CSV file with the columns kind, id, person, from: whole or not at all, and once.")
            .Produces<AssignmentFileAnswer>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, AreaStore areas)
    {
        var take = Requests.Limit(limit);
        var found = await areas.PageAsync(Requests.ReadCursor(cursor, 1)?[0] ?? "", take + 1);
        var more = found.Count > take;
        return TypedResults.Ok(new Page<AreaAnswer>([.. found.Take(take)], more ? Requests.Cursor(found[take - 1].Id) : null, more));
    }

    private static Task<IResult> GetAsync(string area, HttpContext http, AreaStore areas) => http.WithTagAsync(
        areas.ChangedAtAsync(area), async () => await areas.FindAsync(area) is { } found ? TypedResults.Ok(found) : Unknown(area));

    private static async Task<IResult> PutAsync(string area, AreaRequest body, HttpContext http, AreaStore areas) =>
        (Requests.CheckId("area", area) ?? RegistryChecks.Name("name", body.Name) ?? (body.Parent is null ? null : Requests.CheckId("parent", body.Parent))
            ?? await areas.PutAsync(area, body, http.User.Person(), EditCondition.Of(http))) is { } wrong
            ? Problems.Of(wrong)
            : await GetAsync(area, http, areas);

    private static async Task<IResult> AssignAsync(string area, AssignmentRequest body, ClaimsPrincipal user, AreaStore areas, AssignmentStore assignments) =>
        ((body.Person is null ? null : RegistryChecks.Person("person", body.Person))
            ?? await assignments.MakeAsync(new("area", area, body.Person, body.From), user.Person())) is { } wrong
            ? Problems.Of(wrong)
            : TypedResults.Ok(await areas.FindAsync(area));

    private static async Task<IResult> ImportAsync(HttpContext http, ClaimsPrincipal user, AssignmentFile file)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim() is var type && type != "text/csv")
        {
            return Problems.Of(RequestRefusals.BodyTypeUnsupported, $"Content-Type: '{type}' is not text/csv.");
        }

        var (buffer, length, unread) = await BatchReader.ReadBodyAsync(http.Request.Body, http.Request.Headers.ContentEncoding, http.RequestAborted);
        if (buffer is null)
        {
            return Problems.Of(unread!);
        }

        string? text;
        try
        {
            text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, length).TrimStart('\uFEFF');
        }
        catch (System.Text.DecoderFallbackException)
        {
            text = null;
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        if (text is null)
        {
            return Problems.Of(RequestRefusals.BodyCharsetUnsupported, "The file is not UTF-8.");
        }

        var (answer, errors) = await file.ImportAsync(text, user.Person());
        if (answer is not null)
        {
            return TypedResults.Ok(answer);
        }

        var problem = Problems.Of(RegistryRefusals.AssignmentFileInvalid, $"{errors.Count} errors, of which the first is: {errors[0]}");
        problem.ProblemDetails.Extensions["errors"] = errors;
        return problem;
    }

    private static IResult Unknown(string area) => Problems.Of(RegistryRefusals.AreaUnknown, $"area: there is no area '{area}'.");
}
