using System.Security.Cryptography;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AccountGrid.Host.Notices;

/// <summary>E-mail by SMTP. The Message-Id is made of the message's id, so that a second copy can be told.</summary>
internal sealed class EmailChannel(NoticeOptions options) : IMessageChannel
{
    public string Name => "email";

    public TimeSpan Timeout => TimeSpan.FromSeconds(options.Smtp.TimeoutSeconds);

    public bool IsOn => options.Smtp.Host.Length > 0;

    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var o = options.Smtp;
        if (!MailboxAddress.TryParse(to, out var address))
        {
            throw new ChannelRefusedException($"'{to}' is not an e-mail address.");
        }

        using var mail = new MimeMessage { Subject = message.Subject, Date = message.At, Body = new TextPart("plain") { Text = message.Text } };
        mail.From.Add(MailboxAddress.Parse(o.From));
        mail.To.Add(address);
        mail.MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Id)))[..32]}@accountgrid";
        mail.Headers.Add("X-Notice-Id", message.Id);
        using var smtp = new SmtpClient { Timeout = o.TimeoutSeconds * 1000 };
        await smtp.ConnectAsync(o.Host, o.Port,
            o.Security switch { "tls" => SecureSocketOptions.SslOnConnect, "none" => SecureSocketOptions.None, _ => SecureSocketOptions.StartTls }, cancel);
        if (o.User.Length > 0)
        {
            await smtp.AuthenticateAsync(o.User, o.Password, cancel);
        }

        try
        {
            await smtp.SendAsync(mail, cancel);
        }
        catch (SmtpCommandException e) when ((int)e.StatusCode is >= 500 and < 600)
        {
            throw new ChannelRefusedException($"{(int)e.StatusCode}: {e.Message}");
        }

        try
        {
            await smtp.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception e) when (e is IOException or TimeoutException or OperationCanceledException or SmtpProtocolException)
        {
            // The server has taken the mail; how it says goodbye is its own affair.
        }

        return Delivery.Sent;
    }
}
