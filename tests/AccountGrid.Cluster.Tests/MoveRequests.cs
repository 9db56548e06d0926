using AccountGrid.Client;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;

namespace AccountGrid.Cluster.Tests;

internal static class MoveRequests
{
    /// <summary>Asks for a meter's move at an instant when its register is what two hours make; the answer may come before the meter is there.</summary>
    public static async Task SendMoveAsync(this GridClient client, string meter, string account, DateTimeOffset at)
    {
        try
        {
            await client.PostAsync<MeterAnswer>($"/v1/meters/{meter}/assignments", new AssignMeterRequest(account, at, 2_000));
        }
        catch (GridException e) when (e.Message.StartsWith("503", StringComparison.Ordinal))
        {
            // Decided, and under way.
        }
    }
}
