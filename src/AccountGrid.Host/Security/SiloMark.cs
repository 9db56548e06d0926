using System.Security.Cryptography;
using System.Text;

namespace AccountGrid.Host.Security;

/// <summary>Marks the calls of silos. The word comes from the grid's secret, which every silo has; it never goes to a client.</summary>
internal sealed class SiloMark(GridSecret secret) : IOutgoingGrainCallFilter
{
    private const string Name = "accountgrid-silo";

    private readonly byte[] _word = Encoding.ASCII.GetBytes(Convert.ToBase64String(secret.KeyFor("silo-calls")));
    private readonly string _text = Convert.ToBase64String(secret.KeyFor("silo-calls"));

    public bool IsOnThisCall => RequestContext.Get(Name) is string shown
        && (ReferenceEquals(shown, _text) || CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(shown), _word));

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsClient())
        {
            return WithoutAsync(context);
        }

        return ReferenceEquals(RequestContext.Get(Name), _text) ? context.Invoke() : WithAsync(context);
    }

    // Asynchronous, so that what is set here is gone from the caller's context when the call is over.
    private async Task WithAsync(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(Name, _text);
        await context.Invoke();
    }

    private static async Task WithoutAsync(IOutgoingGrainCallContext context)
    {
        RequestContext.Remove(Name);
        await context.Invoke();
    }
}
