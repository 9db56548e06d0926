using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

/// <summary>
/// Guards grains from programs that come through the port for Orleans clients. A silo marks its own calls with a word that only silos can make; a call without
/// it needs an API key or a customer's token under <see cref="KeyName"/> in the request context, and may do what the same key may do at the API: look at an
/// account or a meter, take a payment, announce one. All else is for the API, which asks a second person and records who did what.
/// </summary>
internal sealed class CallGuard(IServiceProvider services, SiloMark mark) : IIncomingGrainCallFilter
{
    /// <summary>Name of the key in the request context of a client's call.</summary>
    public const string KeyName = "accountgrid-key";

    public static void Use(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<SiloMark>();
        silo.AddOutgoingGrainCallFilter<SiloMark>().AddIncomingGrainCallFilter<CallGuard>();
    }

    public Task Invoke(IIncomingGrainCallContext context) => mark.IsOnThisCall || IsTimer(context) ? context.Invoke() : GuardAsync(context);

    /// <summary>
    /// A grain's timer, also that by which a stream's agent reads its queue, is a request that is its own target. Nothing that came by a wire is.
    /// </summary>
    private static bool IsTimer(IIncomingGrainCallContext context) => ReferenceEquals(context.Request.GetTarget(), context.Request);

    private async Task GuardAsync(IIncomingGrainCallContext context)
    {
        if (!IsForEveryClient(context) && await ProblemAsync(context) is { } problem)
        {
            throw new UnauthorizedAccessException(problem);
        }

        await context.Invoke();
    }

    /// <summary>What a client of Orleans asks before it can call anything: which grains there are.</summary>
    private static bool IsForEveryClient(IIncomingGrainCallContext context) =>
        context.InterfaceName.EndsWith("IClusterManifestSystemTarget", StringComparison.Ordinal);

    private async Task<string?> ProblemAsync(IIncomingGrainCallContext context)
    {
        if (RequestContext.Get(KeyName) is not string shown || await services.GetRequiredService<Callers>().FindAsync(shown) is not { } caller
            || caller.Role() is not { } role)
        {
            return $"A valid key is needed in the request context under '{KeyName}'.";
        }

        var isAccount = context.Grain is IAccountGrain;
        if (!isAccount && context.Grain is not IMeterGrain)
        {
            return "Only accounts and meters can be called from outside the grid.";
        }

        var id = context.TargetId.Key.ToString()!;
        if (PolicyOf(context) is not { } policy)
        {
            return $"{context.MethodName}: from outside the grid accounts can be looked at, paid to and announced payments for, and meters looked at; all "
                + "else goes through the API.";
        }

        if (!Permissions.Allows(policy, role)
            || (Ownership.IsScoped(role)
                && !await services.GetRequiredService<Ownership>().IsOwnAsync(isAccount ? Ownership.OfAccount : Ownership.OfMeter, id, role, caller.Scope())))
        {
            return "The key's role may not do this, or not to this account.";
        }

        if (context.MethodName == nameof(IAccountGrain.Execute))
        {
            // Keys of the log that the grid itself makes are its own: nobody outside can take one first.
            context.Request.SetArgument(1, $"outside:{context.Request.GetArgument(1)}");
        }

        if (policy != Permissions.Query)
        {
            var trail = services.GetRequiredService<AuditTrail>();
            await trail.AddAsync(id, caller, "CALL", $"{context.InterfaceName}/{id}/{context.MethodName}",
                trail.HashOf((byte[])context.Request.GetArgument(0)!), (string)context.Request.GetArgument(1)!);
        }

        return null;
    }

    private static string? PolicyOf(IIncomingGrainCallContext context) => context.MethodName switch
    {
        // A stream of changes is asked for, and ended, by Orleans' own extension of the grain, whose methods are generic.
        nameof(IAccountGrain.Get) or nameof(IAccountGrain.GetAfter) or nameof(IMeterGrain.Days) => Permissions.Query,
        "StartEnumeration<T>" or "MoveNext<T>" or "DisposeAsync" => Permissions.Query,
        nameof(IAccountGrain.Execute) when context.Grain is IAccountGrain =>
            GridCommand.FromBytes((byte[])context.Request.GetArgument(0)!) is TakePayment or AnnouncePayment ? Permissions.Pay : null,
        _ => null,
    };
}
