using System.Security.Claims;
using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Customers;

/// <summary>The register of customers: who they are, which accounts are theirs, and who looks after them.</summary>
internal static class RegisteredCustomerEndpoints
{
    private const int DemandMaxKw = 10_000_000;

    private static readonly string Sizes = string.Join(", ", Enum.GetNames<SizeBand>().Select(n => n.ToLowerInvariant()));

    public static void MapRegisteredCustomers(this IEndpointRouteBuilder routes)
    {
        routes.MapNotes();
        var g = routes.MapGroup("/v1/customers").WithTags("Customers").ProducesProblem(401).ProducesProblem(403);
        g.MapPost("/", AddAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Registers a customer with its accounts. The same again has no effect.")
            .Produces<CustomerProfileAnswer>(201).Produces<CustomerProfileAnswer>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        g.MapGet("/", ListAsync).WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Customers by id, or by name where q is given, by cursor. An area includes the areas below it.").Produces<Page<CustomerListItem>>()
            .ProducesProblem(422);
        g.MapGet("/{id}", GetAsync).RequireAuthorization(Permissions.QueryOwn).WithSummary("A customer with its accounts and who is responsible.")
            .Produces<CustomerProfileAnswer>().ProducesProblem(404);
        g.MapPut("/{id}", PutAsync).TakesCondition().RequireAuthorization(Permissions.Administer)
            .WithSummary("Changes a customer, and which accounts are its own.").Produces<CustomerProfileAnswer>().ProducesProblem(404).ProducesProblem(409)
            .ProducesProblem(422);
        g.MapPut("/{id}/manager", AssignAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Says who is the account manager of a customer from a day on. Open cases move on that day.").Produces<CustomerProfileAnswer>()
            .ProducesProblem(404).ProducesProblem(422);
        g.MapDelete("/{id}/personal-data", EraseAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Erases name, numbers and addresses of a customer. Those of its accounts are erased account by account.").ProducesProblem(404);
    }

    private static async Task<IResult> EraseAsync(string id, CustomerStore store) => await store.EraseAsync(id)
        ? TypedResults.Ok(new { customer = id, erased = true })
        : Problems.Of(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{id}'.");

    private static Task<IResult> AddAsync(CustomerProfileRequest body, HttpContext http, CustomerStore store, NoticeTexts texts, GridSecret secret) =>
        SaveAsync(body.Id ?? "", body, http, store, texts, HashOf(body, secret));

    private static Task<IResult> PutAsync(string id, CustomerProfileRequest body, HttpContext http, CustomerStore store, NoticeTexts texts) =>
        (CheckDemand(body.ContractDemandKw)
            ?? (body.Id is { } other && other != id
                ? new(RequestRefusals.IdInvalid, $"id: '{other}' is not '{id}', which the path names.")
                : null)) is { } wrong
            ? Task.FromResult<IResult>(Problems.Of(wrong))
            : SaveAsync(id, body, http, store, texts, null);

    private static Refusal? CheckDemand(decimal? kw) => kw is not { } demand || (demand is > 0 and <= DemandMaxKw && decimal.Round(demand, 3) == demand)
        ? null
        : new(RegistryRefusals.DemandInvalid, $"contractDemandKw: {demand} is not more than 0, at most {DemandMaxKw}, with three decimals at most.");

    private static async Task<IResult> SaveAsync(
        string id, CustomerProfileRequest body, HttpContext http, CustomerStore store, NoticeTexts texts, byte[]? hash)
    {
        var wrong = CheckDemand(body.ContractDemandKw) ?? Requests.CheckId("id", id) ?? RegistryChecks.Name("name", body.Name)
            ?? (Requests.TryName<CustomerClass>(body.Class, out _) ? null
                : new Refusal(CustomerRefusals.ClassInvalid, $"class: '{body.Class}' is not residential, business, industrial or important."))
            ?? (Requests.TryName<SizeBand>(body.Size, out _) ? null : new Refusal(RegistryRefusals.SizeInvalid, $"size: '{body.Size}' is not {Sizes}."))
            ?? RegistryChecks.Contact(body.Language, body.Contact ?? [], texts)
            ?? (body.Accounts is { Count: > CustomerStore.AccountsMax } many
                ? new(RegistryRefusals.AccountsTooMany, $"accounts: {many.Count} are more than {CustomerStore.AccountsMax}.")
                : null);
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        var (created, refusal) = await store.SaveAsync(id, body, hash, http.User.Person(), EditCondition.Of(http));
        return refusal is not null ? Problems.Of(refusal)
            : await http.WithTagAsync(store.ChangedAtAsync(id), async () => await store.FindAsync(id, http.User.SeesContacts()) is var answer && created
                ? TypedResults.Created($"/v1/customers/{id}", answer)
                : TypedResults.Ok(answer));
    }

    private static Task<IResult> GetAsync(string id, HttpContext http, CustomerStore store) => http.WithTagAsync(
        store.ChangedAtAsync(id),
        async () => await store.FindAsync(id, http.User.SeesContacts()) is { } found
            ? TypedResults.Ok(found)
            : Problems.Of(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{id}'."));

    private static async Task<IResult> AssignAsync(
        string id, AssignmentRequest body, ClaimsPrincipal user, CustomerStore store, AssignmentStore assignments) =>
        ((body.Person is null ? null : RegistryChecks.Person("person", body.Person))
            ?? await assignments.MakeAsync(new("customer", id, body.Person, body.From), user.Person())) is { } wrong
            ? Problems.Of(wrong)
            : TypedResults.Ok(await store.FindAsync(id, user.SeesContacts()));

    private static async Task<IResult> ListAsync(
        string? area, string? manager, string? grade, string? segment, string? q, int? limit, string? cursor, ClaimsPrincipal user, CustomerList list)
    {
        var take = Requests.Limit(limit);
        RiskGrade? wanted = null;
        if (grade is not null)
        {
            if (!Requests.TryName<RiskGrade>(grade, out var known))
            {
                return Problems.Of(RegistryRefusals.GradeInvalid, $"grade: '{grade}' is not A, B, C or D.");
            }

            wanted = known;
        }

        var segments = segment is null ? null : SegmentsOf(segment);
        if (segments is { Length: 0 })
        {
            return Problems.Of(RegistryRefusals.SegmentInvalid, $"segment: '{segment}' is not a class, or a class and a size such as business/large.");
        }

        if (Requests.CheckText("q", q) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (user.Role() == KeyRole.AccountManager)
        {
            manager ??= user.Scope();
            if (manager != user.Scope())
            {
                return TypedResults.Ok(new Page<CustomerListItem>([], null, false));
            }
        }

        var own = user.Role() == KeyRole.Collector ? await list.WithinAsync(user.Scope()!) : null;
        var areas = area is null ? own : await list.WithinAsync(area);
        if (own is not null && area is not null && !own.Contains(area))
        {
            return Problems.Of(RegistryRefusals.AreaNotOwn, $"area: '{area}' is not an area of this key.");
        }

        var tag = ListCursor.Tag(area, manager, grade, segment, q);
        (string, string)? after = ListCursor.Read(cursor, tag, 2) is { } place ? (place[0], place[1]) : null;
        var found = await list.PageAsync(new(areas, manager, (short?)wanted, segments, string.IsNullOrEmpty(q) ? null : q), after, take + 1);
        var more = found.Count > take;
        return TypedResults.Ok(new Page<CustomerListItem>(
            [.. found.Take(take)], more ? ListCursor.Of(tag, CustomerStore.KeyOf(found[take - 1].Name), found[take - 1].Id) : null, more));
    }

    /// <summary>Segments of a class, or the one of a class and a size; none where it is neither.</summary>
    internal static string[] SegmentsOf(string segment)
    {
        var parts = segment.Split('/');
        return parts.Length > 2 || !Requests.TryName<CustomerClass>(parts[0], out var of) ? []
            : parts.Length == 1 ? [.. Enum.GetValues<SizeBand>().Select(s => Name(of, s))]
            : Requests.TryName<SizeBand>(parts[1], out var size) ? [Name(of, size)] : [];

        static string Name(CustomerClass of, SizeBand size) => $"{of}/{size}".ToLowerInvariant();
    }

    /// <summary>Keyed: what it holds of a person cannot be tried out against it.</summary>
    private static byte[] HashOf(CustomerProfileRequest body, GridSecret secret) =>
        System.Security.Cryptography.HMACSHA256.HashData(
            secret.KeyFor("customer-bodies"), JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web));
}
