namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// Something that an operator can do: a request of the API, what is entered for it, and where it belongs. Its button, its form, its check before it is sent
/// and the right to it follow from here.
/// </summary>
/// <param name="Name">In addresses and texts.</param>
/// <param name="Pattern">The API's route. Its parameters are the subject's id and fields of their names; a query behind it is filled from fields.</param>
/// <param name="NeedsKey">The API takes an idempotency key.</param>
public sealed record ConsoleAction(string Name, string Method, string Pattern, IReadOnlyList<ConsoleField> Fields, bool NeedsKey = false)
{
    /// <summary>Fields that stand in the query, as a deletion's reason does.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The request has no body.</summary>
    public bool HasNoBody => Method == "DELETE";

    /// <summary>The API says what it would come to when it is asked with <c>dryRun</c>.</summary>
    public bool HasDryRun { get; init; }

    /// <summary>A password is entered: it is sent at once, and never comes back in a page.</summary>
    public bool HasSecret => Fields.Any(f => f.IsSecret);

    /// <summary>A member of the answer that is shown once, in place of the page before: a secret that nobody can read again. Null is none.</summary>
    public string? Reveals { get; init; }

    /// <summary>Adds to what is owed, or takes from it: the confirmation shows the balance before and after.</summary>
    public int BalanceSign { get; init; }
}
