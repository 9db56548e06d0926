namespace AccountGrid.Host.Security;

/// <summary>
/// Who stands behind a call from outside the grid. <see cref="CallGuard"/> says it, after it has removed all that came with the call: nobody outside can.
/// </summary>
/// <param name="Person">Who decisions are recorded under.</param>
/// <param name="Caller">Whose idempotency keys the call's are.</param>
internal sealed record OutsideCaller(string Person, string Caller)
{
    private const string PersonName = "accountgrid-person";
    private const string CallerName = "accountgrid-caller";

    /// <exception cref="UnauthorizedAccessException">The call does not come from outside: the grid's own processes have other ways.</exception>
    public static OutsideCaller Current => RequestContext.Get(PersonName) is string person && RequestContext.Get(CallerName) is string caller
        ? new(person, caller)
        : throw new UnauthorizedAccessException("Only a call from outside the grid can order this.");

    public static void Set(string person, string caller)
    {
        RequestContext.Set(PersonName, person);
        RequestContext.Set(CallerName, caller);
    }
}
