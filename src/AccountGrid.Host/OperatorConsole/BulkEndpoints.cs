using System.Security.Cryptography;
using AccountGrid.Host.Accounts;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// Decides about all exceptions that a query finds. Each page of them is worked out, shown row by row, and then done; what is decided leaves the query, so
/// that whoever is interrupted begins anew and goes on.
/// </summary>
internal static class BulkEndpoints
{
    public const string Route = "/v1/exceptions/decisions";

    /// <summary>Exceptions of one page: as many as a person looks through.</summary>
    private const int PageRows = 50;

    public static void MapBulk(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/exceptions/decide", ConsoleEndpoints.Show(page => Task.FromResult(Form(page))));
        pages.MapPost("/exceptions/decide", ConsoleEndpoints.Act(SendAsync));
    }

    private static IResult Form(ConsolePage page)
    {
        var query = page.Query("code", "meter", "account");
        return page.Can("POST", Route)
            ? page.Show<BulkPage>(new BulkModel(
                query[0].Value, query[1].Value, query[2].Value, null, null, null, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))))
            : page.Show<ErrorPage>(new ErrorModel(403), 403);
    }

    private static async Task<IResult> SendAsync(ConsolePage page, IFormCollection form)
    {
        if (!page.Can("POST", Route))
        {
            return page.Show<ErrorPage>(new ErrorModel(403), 403);
        }

        string? Field(string name) => form[name].ToString().Trim() is { Length: > 0 } value ? value : null;
        var key = Field("key") is { Length: 32 } given && given.All(char.IsAsciiHexDigitLower)
            ? given
            : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var model = new BulkModel(Field("code"), Field("meter"), Field("account"), Field("decision"), Field("method"), Field("reason"), key, Field("cursor"));
        var step = Field("step");
        if (step == "edit")
        {
            return page.Show<BulkPage>(model with { Cursor = null });
        }

        var request = new DecideExceptionsRequest(
            model.Code ?? "", model.Decision ?? "", model.Reason ?? "", model.Meter, model.Account, model.Method, PageRows, model.Cursor, step != "do");

        // Each page has a key of its own: sent again, it is the same page.
        var answer = await page.SendAsync("POST", Route, request, step == "do" ? $"{key}-{model.Cursor}" : null);
        return answer.IsGood
            ? page.Show<BulkPage>(model with { Answer = answer.Read<DecidedExceptionsAnswer>(), IsDone = step == "do" })
            : page.Show<BulkPage>(model with { Error = answer.Problem.Detail }, answer.Status);
    }
}
