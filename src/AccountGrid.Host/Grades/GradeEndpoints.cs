using System.Security.Claims;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Grades;

/// <summary>Risk grades of customers, and what persons establish about them.</summary>
internal static class GradeEndpoints
{
    private static readonly KnockOut[] Recorded =
        [KnockOut.Theft, KnockOut.Violation, KnockOut.UnsignedChangeOfUse, KnockOut.Accident, KnockOut.UnremediedHazard];

    public static void MapGrades(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/customers/{id}").WithTags("Customers").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        g.MapGet("/grade", GetAsync).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("A customer's risk grade with every fact, its points, knock-outs and the evaluations before.").Produces<CustomerGradeAnswer>();
        g.MapPost("/breaches", AddAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Enters what was established about a customer. The grade follows at once; the same again has no effect.")
            .Produces<CustomerGradeAnswer>().ProducesProblem(422);
        g.MapPost("/breaches/{breach}/end", EndAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Says that a hazard is remedied. The grade rises with the next monthly evaluations.").Produces<CustomerGradeAnswer>()
            .ProducesProblem(409).ProducesProblem(422);
    }

    private static async Task<IResult> GetAsync(string id, GradeStore store) =>
        await store.FindAsync(id) is { } found ? TypedResults.Ok(found) : Unknown(id);

    private static async Task<IResult> AddAsync(
        string id, BreachRequest body, ClaimsPrincipal user, GradeStore store, GradeKeeper keeper, GradeSource source, TimeProvider time)
    {
        var kind = Array.Find(Recorded, k => string.Equals(GradeStore.CodeOf(k), body.Kind, StringComparison.OrdinalIgnoreCase));
        if (kind == default)
        {
            return Problems.Of(RegistryRefusals.BreachInvalid, $"kind: '{body.Kind}' is not {string.Join(", ", Recorded.Select(GradeStore.CodeOf))}.");
        }

        if ((Written(body.Reference) ?? Past(body.Day, source, time)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (!await store.AddBreachAsync(id, kind, body.Day, body.Reference, user.Person()))
        {
            return Unknown(id);
        }

        await keeper.EvaluateAsync(id);
        return await GetAsync(id, store);
    }

    private static async Task<IResult> EndAsync(
        string id, long breach, HazardEndRequest body, ClaimsPrincipal user, GradeStore store, GradeSource source, TimeProvider time)
    {
        if ((Written(body.Reference) ?? Past(body.Day, source, time)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        return await store.EndHazardAsync(id, breach, body.Day, body.Reference, user.Person()) switch
        {
            true => await GetAsync(id, store),
            null => Problems.Of(RegistryRefusals.BreachEnded, $"breach: the hazard {breach} ended already."),
            false => Problems.Of(
                RegistryRefusals.BreachUnknown, $"breach: there is no hazard {breach} of customer '{id}' that began by {body.Day:yyyy-MM-dd}."),
        };
    }

    private static Refusal? Written(string reference) => string.IsNullOrWhiteSpace(reference)
        ? new(RequestRefusals.TextInvalid, "reference: it is empty; say where it is written.")
        : Requests.CheckText("reference", reference);

    private static Refusal? Past(DateOnly day, GradeSource source, TimeProvider time) =>
        source.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds()) is var today && day.DayNumber > today
            ? new(RegistryRefusals.BreachInvalid, $"day: {day:yyyy-MM-dd} is after today, {DateOnly.FromDayNumber(today):yyyy-MM-dd}.")
            : null;

    private static IResult Unknown(string id) => Problems.Of(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{id}'.");
}
