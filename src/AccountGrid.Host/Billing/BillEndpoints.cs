using System.Globalization;
using System.Text.Json;
using AccountGrid.Host.Billing.Invoices;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Billing;

/// <summary>Bills of an account: as JSON, as a page and as an e-invoice.</summary>
internal static class BillEndpoints
{
    public static void MapBills(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}/bills").WithTags("Bills").RequireAuthorization(Permissions.Query)
            .ProducesProblem(401).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);
        g.MapGet("", ListAsync).WithSummary("Bills, newest first.").Produces<Page<BillAnswer>>();
        g.MapGet("/{month}", GetAsync).WithSummary("One bill as JSON, or as HTML by Accept: text/html, in the customer's language or by language=en or zh-CN.")
            .Produces<BillAnswer>();
        g.MapGet("/{month}/invoice.xml", InvoiceAsync)
            .WithSummary("One bill as an e-invoice or credit note: UBL 2.1 by EN 16931, and by Peppol BIS Billing 3.0 where buyerEndpoint names the buyer.")
            .Produces<string>(200, "application/xml");
    }

    private static async Task<IResult> ListAsync(string id, int? limit, string? cursor, GridDirectory directory, NpgsqlDataSource database) =>
        await directory.FindAccountAsync(id) is { } address
            ? TypedResults.Ok(Pages.OfShort(await BillWriter.ListAsync(database, address, null), limit, cursor, b => b.Id))
            : Problems.UnknownAccount(id);

    private static async Task<IResult> GetAsync(string id, string month, string? language, HttpContext http, GridDirectory directory,
        NpgsqlDataSource database, NoticeOptions notices, BillOptions options)
    {
        var (address, bill, refused) = await FindAsync(id, month, language, directory, database);
        if (bill is null)
        {
            return refused!;
        }

        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) || bill.Document is not { } document)
        {
            return TypedResults.Ok(bill);
        }

        var (known, customer) = await BuyerAsync(database, address!, bill.Id);
        return TypedResults.Content(BillPage.Of(document, BillParty.Of(notices, options, language ?? known, customer)), "text/html; charset=utf-8");
    }

    private static async Task<IResult> InvoiceAsync(string id, string month, string? language, string? buyerEndpoint, GridDirectory directory,
        NpgsqlDataSource database, NoticeOptions notices, BillOptions options)
    {
        var (address, bill, refused) = await FindAsync(id, month, language, directory, database);
        if (bill is null)
        {
            return refused!;
        }

        if (bill.Document is not { } document)
        {
            return Problems.Of(BillingRefusals.BillNotWritten, $"The document of bill {bill.Id} is not written yet.");
        }

        var (known, customer) = await BuyerAsync(database, address!, bill.Id);
        var party = BillParty.Of(notices, options, language ?? known, customer);
        var (invoice, problem) = InvoiceMaker.Of(document.Deserialize<BillDocument>(JsonSerializerOptions.Web)!, party, options, buyerEndpoint);
        return problem is not null ? Problems.Of(problem) : TypedResults.Bytes(UblWriter.Write(invoice!), "application/xml");
    }

    private static async Task<(AccountAddress? Address, BillAnswer? Bill, IResult? Refused)> FindAsync(string id, string month, string? language,
        GridDirectory directory, NpgsqlDataSource database)
    {
        if (language is not null && !BillTexts.Languages.Contains(language))
        {
            return (null, null, Problems.Of(
                BillingRefusals.BillLanguageInvalid, $"language: '{language}' is not {string.Join(" or ", BillTexts.Languages)}."));
        }

        // A bill whose period does not reach the end of the month in which it begins has its first day in its name.
        if (!DateOnly.TryParseExact(month, ["yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return (null, null, Problems.Of(
                BillingRefusals.BillMonthInvalid,
                $"month: '{month}' is neither a month written as yyyy-MM, such as 2026-03, nor the first day of a shorter period, such as 2026-03-11."));
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return (null, null, Problems.UnknownAccount(id));
        }

        var bills = await BillWriter.ListAsync(database, address, $"{address.Number}-{month.Replace("-", "", StringComparison.Ordinal)}");
        return bills.Count == 0
            ? (address, null, Problems.Of(BillingRefusals.BillUnknown, $"There is no bill of account '{id}' for {month}."))
            : (address, bills[0], null);
    }

    /// <summary>
    /// The customer's language on record, and the name of the registered customer that the account belonged to when the bill was closed; null where it was
    /// none's, or its name is erased.
    /// </summary>
    private static async Task<(string? Language, string? Name)> BuyerAsync(NpgsqlDataSource database, AccountAddress account, string bill)
    {
        await using var command = database.CreateCommand(
            """
            select (select language from contact where partition = $1 and account = $2),
              (select nullif(c.name, '[erased]') from bill b
                cross join lateral (select h.customer, h.is_attached from customer_account_change h
                  where h.account = b.account and h.at <= to_timestamp(b.created_ms / 1000.0) order by h.id desc limit 1) h
                join customer c on c.id = h.customer
                where b.partition = $1 and b.account = $2 and b.id = $3 and h.is_attached)
            """);
        Statements.Add(command, account.Partition, account.Number, bill);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.IsDBNull(0) ? null : reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }
}
