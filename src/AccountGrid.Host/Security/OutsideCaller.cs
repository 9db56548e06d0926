using AccountGrid.Contracts;

namespace AccountGrid.Host.Security;

/// <summary>
/// Who stands behind a call from outside the grid. <see cref="CallGuard"/> says it, after it has removed all that came with the call: nobody outside can.
/// </summary>
/// <param name="Person">Who decisions are recorded under.</param>
/// <param name="Caller">Whose idempotency keys the call's are.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">A collector's area, an account manager's name; null is none.</param>
internal sealed record OutsideCaller(string Person, string Caller, KeyRole Role, string? Scope)
{
    private const string PersonName = "accountgrid-person";
    private const string CallerName = "accountgrid-caller";
    private const string RoleName = "accountgrid-role";
    private const string ScopeName = "accountgrid-scope";

    /// <exception cref="UnauthorizedAccessException">The call does not come from outside: the grid's own processes have other ways.</exception>
    public static OutsideCaller Current => RequestContext.Get(PersonName) is string person && RequestContext.Get(CallerName) is string caller
        && RequestContext.Get(RoleName) is KeyRole role
        ? new(person, caller, role, RequestContext.Get(ScopeName) as string)
        : throw new UnauthorizedAccessException("Only a call from outside the grid can order this.");

    public static void Set(string person, string caller, KeyRole role, string? scope)
    {
        RequestContext.Set(RoleName, role);
        if (scope is not null)
        {
            RequestContext.Set(ScopeName, scope);
        }

        RequestContext.Set(PersonName, person);
        RequestContext.Set(CallerName, caller);
    }
}
