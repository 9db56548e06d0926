using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AccountGrid.Domain;
using AccountGrid.Host.Accounts;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// One way for every action: its form, then once more what it will do, then the API's answer. What is refused comes back with everything that was entered. A
/// form has an idempotency key from its beginning, so that pressing twice, or once more after no answer came, does it once; after a refusal it has another.
/// </summary>
internal static class ActionEndpoints
{
    /// <summary>Members of the answer to a dry run that are shown.</summary>
    private static readonly string[] Outcomes =
        ["valueWh", "chargedWh", "heldWh", "amount", "balance", "id", "version", "firstDay", "follows", "changes", "warnings"];

    public static async Task<IResult> FormAsync(ConsolePage page)
    {
        if (Missing(page, out var action) is { } missing)
        {
            return missing;
        }

        var entered = action.Fields.ToDictionary(f => f.Name, f => page.Query(f.Name)[0].Value ?? "");
        var id = page.Query("id")[0].Value;
        return page.Show<ActionPage>(new ActionModel(
            action, id, ConsoleLinks.Back(page.Query("back")[0].Value), (await AccountAsync(page, action, id))?.Zone ?? "UTC", NewKey(), entered,
            new Dictionary<string, string>()));
    }

    /// <summary>A form that was sent when its session was over, as it was: nothing of it was done.</summary>
    public static async Task<IResult> AgainAsync(ConsolePage page, KeptForm kept) => page.Can(kept.Action)
        ? page.Show<ActionPage>(new ActionModel(
            kept.Action, kept.Id, kept.Back, (await AccountAsync(page, kept.Action, kept.Id))?.Zone ?? "UTC", kept.Key, kept.Entered,
            new Dictionary<string, string>()))
        : page.Show<ErrorPage>(new ErrorModel(403), 403);

    public static async Task<IResult> SendAsync(ConsolePage page, IFormCollection form)
    {
        if (Missing(page, out var action) is { } missing)
        {
            return missing;
        }

        var id = page.Query("id")[0].Value;
        var account = await AccountAsync(page, action, id);
        var entered = action.Fields.ToDictionary(f => f.Name, f => form[$"f.{f.Name}"].ToString());
        var key = form["key"].ToString() is { Length: 32 } given && given.All(char.IsAsciiHexDigitLower) ? given : NewKey();
        var (request, wrong) = ConsoleForm.Read(action, id, entered, account?.Zone ?? "UTC");
        var model = new ActionModel(action, id, ConsoleLinks.Back(form["back"]), account?.Zone ?? "UTC", key, entered, wrong);
        var step = form["step"].ToString();
        if (request is null)
        {
            return page.Show<ActionPage>(model, 422);
        }

        if (step == "edit")
        {
            return page.Show<ActionPage>(model);
        }

        if (step != "do" && !action.HasSecret)
        {
            return await CheckAsync(page, model, request, account);
        }

        var answer = await page.SendAsync(request.Method, request.Path, request.Body, action.NeedsKey ? key : null);
        if (answer.IsGood && action.Reveals is { } secret)
        {
            return page.Show<RevealedPage>(new RevealedModel(action.Name, $"{answer.Read<JsonObject>()[secret]}", model.Back));
        }

        if (answer.IsGood)
        {
            // What waits for a second person is not done.
            var what = answer.Status == StatusCodes.Status202Accepted ? "asked" : "done";
            return new SeeOther($"{model.Back}{(model.Back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{what}={action.Name}");
        }

        // Nobody knows whether it was done: the same key asks again. What was refused was not done, and another entry is another request.
        return page.Show<ActionPage>(
            (answer.IsUnknown ? Confirming(model, account) : model with { Key = NewKey() }) with { Error = answer.Problem.Detail, Code = answer.Problem.Code },
            answer.Status);
    }

    /// <summary>A page that says so where there is no such action, or the operator's role may not use it.</summary>
    private static IResult? Missing(ConsolePage page, out ConsoleAction action)
    {
        action = ConsoleActions.Find(page.Route("action"))!;
        var status = action is null ? 404 : page.Can(action) ? 0 : 403;
        return status == 0 ? null : page.Show<ErrorPage>(new ErrorModel(status), status);
    }

    /// <summary>What it will do: by a dry run where the API has one, else by the balance that it leads to.</summary>
    private static async Task<IResult> CheckAsync(ConsolePage page, ActionModel model, ConsoleRequest request, AccountAnswer? account)
    {
        if (!model.Action.HasDryRun)
        {
            return page.Show<ActionPage>(Confirming(model, account));
        }

        var body = (JsonObject)request.Body!.DeepClone();
        body["dryRun"] = true;
        var answer = await page.SendAsync(request.Method, request.Path, body);
        return answer.IsGood
            ? page.Show<ActionPage>(model with
            {
                IsConfirming = true,
                Outcome = [.. answer.Read<JsonObject>().Where(m => m.Value is not null && Outcomes.Contains(m.Key)).Select(m => (m.Key, TextOf(m.Value!)))],
            })
            : page.Show<ActionPage>(model with { Error = answer.Problem.Detail, Code = answer.Problem.Code }, answer.Status);
    }

    /// <summary>A value as it is; of a list one line for each element.</summary>
    private static string TextOf(JsonNode value) => value is JsonArray list
        ? string.Join('\n', list.Select(e => e is not JsonObject o ? $"{e}"
            : o.ContainsKey("path") ? $"{o["path"]}: {o["before"]} → {o["after"]}"
            : $"{o["detail"]}"))
        : $"{value}";

    private static ActionModel Confirming(ActionModel model, AccountAnswer? account)
    {
        if (account is null || model.Action.BalanceSign == 0 || !Money.TryParse(model.Entered.GetValueOrDefault("amount"), out var amount)
            || !decimal.TryParse(account.Balance, NumberStyles.Number, CultureInfo.InvariantCulture, out var balance))
        {
            return model with { IsConfirming = true };
        }

        var after = balance + (model.Action.BalanceSign * (decimal)amount.Nano / 1_000_000_000m);
        return model with
        {
            IsConfirming = true,
            Before = ConsoleFormat.Money(account.Balance, account.Currency),
            After = ConsoleFormat.Money(after.ToString(CultureInfo.InvariantCulture), account.Currency),
        };
    }

    private static async Task<AccountAnswer?> AccountAsync(ConsolePage page, ConsoleAction action, string? id) =>
        id is not null && action.Pattern.StartsWith("/v1/accounts/", StringComparison.Ordinal)
            ? await page.GetAsync<AccountAnswer>($"/v1/accounts/{Uri.EscapeDataString(id)}")
            : null;

    internal static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
