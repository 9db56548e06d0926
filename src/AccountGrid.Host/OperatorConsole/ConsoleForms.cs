using System.Security.Cryptography;
using System.Text;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Whether a form comes from a page of the console.</summary>
internal static class ConsoleForms
{
    /// <summary>The form's mark is the session's; and the browser, where it says so, does not come from elsewhere.</summary>
    public static bool IsOwn(HttpRequest request, IFormCollection form, string mark) =>
        mark.Length > 0 && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(form["form"].ToString()), Encoding.UTF8.GetBytes(mark));
}
